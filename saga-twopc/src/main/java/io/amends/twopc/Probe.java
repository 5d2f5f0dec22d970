package io.amends.twopc;

/** Told at each point of the protocol, so that a test can have the process die there. Any thread may call. */
interface Probe {

    /** Nobody listens. */
    Probe NONE = (point, branch) -> {};

    /** Where the protocol can be interrupted. */
    enum Point {
        BEFORE_PREPARE,
        AFTER_PREPARE,
        BEFORE_DECISION,
        AFTER_DECISION,
        BEFORE_COMMIT,
        AFTER_COMMIT,
        BEFORE_DONE
    }

    /**
     * The protocol is there.
     *
     * @param branch of which participant; empty if the point is the transaction's
     */
    void at(Point point, String branch);
}
