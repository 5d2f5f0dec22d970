package io.amends.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was used since some beginning.
 *
 * @param statements that the roles have sent to their databases
 * @param commits transactions of the roles that came to their end, reading ones included
 * @param walBytes that PostgreSQL has logged
 * @param records that were written to commands' and replies' topics
 * @param offsetRecords that consumers wrote to say how far they have read
 * @param cpuNanos CPU time of each process
 */
record Meters(
        long statements, long commits, long walBytes, long records, long offsetRecords, Map<String, Long> cpuNanos) {

    /** What was used since then. */
    Meters since(Meters earlier) {
        Map<String, Long> cpu = new LinkedHashMap<>();
        cpuNanos.forEach((process, nanos) -> cpu.put(process, nanos - earlier.cpuNanos.getOrDefault(process, 0L)));
        return new Meters(
                statements - earlier.statements,
                commits - earlier.commits,
                walBytes - earlier.walBytes,
                records - earlier.records,
                offsetRecords - earlier.offsetRecords,
                cpu);
    }
}
