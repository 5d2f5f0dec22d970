/** Two-phase commit over several PostgreSQL databases, and services that have one: presumed abort, on prepared transactions. */
@NullMarked
package io.amends.twopc;

import org.jspecify.annotations.NullMarked;
