package io.amends.benchmarks.outbox;

/** What the report has a table of. */
enum Figure {
    APPEND_RATE("Append: transactions of one message each", "messages/s"),
    APPEND_TIME("What such a transaction costs its writer", "ms"),
    APPEND_CPU("CPU of an appended message, JVM and PostgreSQL", "µs"),
    DRAIN_RATE("Drain: committed rows to acknowledged records", "messages/s"),
    DRAIN_CPU("CPU of a drained message, JVM with relay and consumer, broker and PostgreSQL together", "µs"),
    DRAIN_CPU_JVM("of it the JVM's, with relay and consumer", "µs"),
    DRAIN_CPU_POSTGRES("of it PostgreSQL's", "µs"),
    DRAIN_MISSING("Committed rows that had not arrived when the drain was broken off", "messages"),
    LATENCY_P50("Commit to consumer, p50", "ms"),
    LATENCY_P99("Commit to consumer, p99", "ms"),
    DUE_P50("The moment at which it was due to be appended, to consumer, p50", "ms"),
    DUE_P99("The moment at which it was due to be appended, to consumer, p99", "ms"),
    STEADY_CPU("CPU of a message at the steady rate, appending included", "µs"),
    MISSING("Messages that had not arrived 10 s after the last was appended", "messages"),
    REPEATS("Records that came more than once", "records");

    private final String title;
    private final String unit;

    Figure(String title, String unit) {
        this.title = title;
        this.unit = unit;
    }

    String title() {
        return title;
    }

    String unit() {
        return unit;
    }
}
