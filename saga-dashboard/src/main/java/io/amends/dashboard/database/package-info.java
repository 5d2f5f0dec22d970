/** Reads that can't take long: read-only transactions with a time limit for each statement. */
@NullMarked
package io.amends.dashboard.database;

import org.jspecify.annotations.NullMarked;
