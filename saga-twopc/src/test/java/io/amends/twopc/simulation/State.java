package io.amends.twopc.simulation;

/** How far a process is with the transaction. */
enum State {
    /** Nothing is promised yet: a bank may still end the transaction by itself. */
    WORKING("works"),
    /** A bank that voted yes: it holds its locks and may not end by itself. Skeen's w. */
    PREPARED("is prepared"),
    /** Of three-phase commit, a bank that knows that all voted yes. Skeen's p. */
    PRECOMMITTED("is precommitted"),
    COMMITTED("commits"),
    ABORTED("aborts");

    private final String words;

    State(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    boolean ended() {
        return this == COMMITTED || this == ABORTED;
    }

    boolean inDoubt() {
        return this == PREPARED || this == PRECOMMITTED;
    }
}
