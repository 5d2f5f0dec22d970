package io.amends.benchmarks.outbox;

/** What is measured of each contender in each round. */
enum Measure {
    /** Transactions of one message each by many writers, no relay running. */
    APPEND,
    /** Committed rows until all are records on the topic. */
    DRAIN,
    /** Commit to consumer at a steady rate. */
    LATENCY
}
