package io.amends.twopc.simulation;

/** What a message says. */
enum Kind {
    PREPARE("prepare"),
    YES("yes"),
    NO("no"),
    COMMIT("commit"),
    ABORT("abort"),

    /** Of two-phase commit's recovery: the coordinator looks at what a bank has prepared. */
    ANYTHING_IN_DOUBT("anything in doubt?"),
    IN_DOUBT("in doubt"),

    /** Of three-phase commit: all have voted yes; from here on it will commit unless all who know that crash. */
    PRECOMMIT("precommit"),
    /** Of three-phase commit: a backup coordinator that does not know of a precommit takes all back to before it. */
    WAIT("wait"),
    ACKNOWLEDGED("acknowledged"),
    /** Of three-phase commit: a process that crashed and is back asks the others. */
    WHAT_WAS_DECIDED("what was decided?");

    private final String words;

    Kind(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
