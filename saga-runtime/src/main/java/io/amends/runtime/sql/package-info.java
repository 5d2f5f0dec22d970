/** Arguments of set-based statements: plain values and PostgreSQL arrays. */
@NullMarked
package io.amends.runtime.sql;

import org.jspecify.annotations.NullMarked;
