package io.amends.benchmarks;

import java.util.List;

/**
 * What the benchmark came to.
 *
 * @param samples every window, in the order of time
 * @param sagas how many ended in all, outside the windows too
 * @param records how many records they wrote to commands' and replies' topics
 */
record Results(List<Sample> samples, long sagas, long records) {}
