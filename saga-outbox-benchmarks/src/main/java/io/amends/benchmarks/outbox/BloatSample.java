package io.amends.benchmarks.outbox;

import io.amends.benchmarks.outbox.contender.Kind;
import java.util.Locale;

/**
 * What was seen at one moment while a snapshot was held.
 *
 * @param kind whose tables
 * @param second since the load began
 * @param tableBytes of all tables, TOAST included
 * @param indexBytes of all indexes
 * @param deadRows as PostgreSQL's statistics have them
 * @param p50 commit to consumer of what was due in the window before the last, in milliseconds
 * @param p99 likewise
 * @param waiting committed by then, and not arrived
 */
record BloatSample(
        Kind kind, long second, long tableBytes, long indexBytes, long deadRows, double p50, double p99, int waiting) {

    static final String HEAD = "contender,second,table_bytes,index_bytes,dead_rows,p50_ms,p99_ms,waiting";

    String csv() {
        return String.format(
                Locale.ROOT,
                "%s,%d,%d,%d,%d,%.3f,%.3f,%d",
                kind,
                second,
                tableBytes,
                indexBytes,
                deadRows,
                p50,
                p99,
                waiting);
    }
}
