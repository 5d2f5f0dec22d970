/** Whole services in one thread: the real engine and shells over memory, with virtual time, chance from a seed, and faults. */
@NullMarked
package io.amends.test.simulation;

import org.jspecify.annotations.NullMarked;
