package io.amends.dashboard.stuck;

/** How much it matters that something is stuck, the worst first. */
public enum Severity {
    /** Effects may be left that contradict each other: look now. */
    CRITICAL,
    /** Nothing goes on without somebody. */
    HIGH,
    /** It should have gone on by itself, or somebody is late. */
    MEDIUM,
    /** It may still go on by itself; worth a look. */
    WARNING
}
