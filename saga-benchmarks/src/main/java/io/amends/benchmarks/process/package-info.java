/** Processes that are asked line by line. */
@NullMarked
package io.amends.benchmarks.process;

import org.jspecify.annotations.NullMarked;
