/** The benchmark: its command line, its rounds and its report. */
@NullMarked
package io.amends.benchmarks;

import org.jspecify.annotations.NullMarked;
