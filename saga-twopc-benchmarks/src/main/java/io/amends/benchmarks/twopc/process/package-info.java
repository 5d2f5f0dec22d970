/** Processes that are asked line by line. */
@NullMarked
package io.amends.benchmarks.twopc.process;

import org.jspecify.annotations.NullMarked;
