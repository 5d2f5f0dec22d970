/** A bank of two tables, as small as one can be, and the role that takes its commands. */
@NullMarked
package io.amends.benchmarks.bank;

import org.jspecify.annotations.NullMarked;
