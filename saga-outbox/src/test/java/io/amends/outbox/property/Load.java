package io.amends.outbox.property;

/**
 * Who writes.
 *
 * @param quick threads whose transactions are short
 * @param slow threads whose transactions draw their id long before they write, or hold their locks for long
 * @param preparers threads whose transactions are prepared and finished later on another connection
 * @param keys how many keys there are
 * @param victims how many of them get records that the topic refuses
 * @param refusals one of so many records of a victim is refused
 */
record Load(int quick, int slow, int preparers, int keys, int victims, int refusals) {

    /** For two processors that the relays and the servers need too. */
    static final Load USUAL = new Load(3, 2, 2, 16, 4, 60);

    /** Nothing that the topic refuses. */
    static final Load WITHOUT_REFUSALS = new Load(3, 2, 1, 12, 0, 1);

    /** So much of it that a short run has some. */
    static final Load MANY_REFUSALS = new Load(3, 2, 1, 12, 4, 6);

    boolean isVictim(int key) {
        return key < victims;
    }
}
