/** A database in memory that keeps what orchestrators and participants keep, with real transactions and a clock of its own. */
@NullMarked
package io.amends.test.memory;

import org.jspecify.annotations.NullMarked;
