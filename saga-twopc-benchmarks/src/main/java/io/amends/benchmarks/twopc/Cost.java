package io.amends.benchmarks.twopc;

import io.amends.benchmarks.twopc.contender.Kind;
import java.util.Map;

/**
 * What one transfer used, one in flight.
 *
 * @param kind who
 * @param forced writes to the log that were forced to disk, by server, and those of files of the contender's own
 * @param commits transactions of the databases that came to their end
 * @param statements that the databases carried out, BEGIN, COMMIT and ROLLBACK not counted
 * @param records that were written to Kafka
 * @param offsetRecords that consumers wrote to Kafka to say how far they have read
 */
record Cost(
        Kind kind,
        Map<String, Double> forced,
        double commits,
        double statements,
        double records,
        double offsetRecords) {

    /** All forced writes. */
    double allForced() {
        return forced.values().stream().mapToDouble(Double::doubleValue).sum();
    }
}
