/** The comparison of sagas and two-phase commit: its command line, its measures, its charts and its page. */
@NullMarked
package io.amends.benchmarks.twopc;

import org.jspecify.annotations.NullMarked;
