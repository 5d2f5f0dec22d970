package io.amends.benchmarks.twopc;

/** What is measured. */
enum Measure {
    /** Speed at several loads. */
    LOAD,
    /** What one transfer uses. */
    COST,
    /** Speed when nearly all transfers are between a few accounts. */
    HOT,
    /** A bank's database that stops and comes back. */
    BANK_DOWN,
    /** The process that coordinates is killed and comes back. */
    COORDINATOR_KILLED
}
