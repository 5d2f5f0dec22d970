/** A real PostgreSQL server inside a test or demo. */
@NullMarked
package io.amends.test.postgres;

import org.jspecify.annotations.NullMarked;
