/** A shop on PostgreSQL alone. */
@NullMarked
package io.amends.alone;

import org.jspecify.annotations.NullMarked;
