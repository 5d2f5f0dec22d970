package io.amends.runtime.participant;

/**
 * Which commands of a transaction get a savepoint, so that what a handler wrote can be undone alone. A savepoint costs two
 * round trips; a transaction without one costs nothing more until a command is rejected, and then runs twice. So they are
 * left out only after a run of transactions that would not have needed them, and not again until the next such run: at
 * most one transaction of {@value #CLEAN_RUN} is run twice, however often commands are rejected.
 */
enum Savepoints {
    /** None: a rejection ends the transaction with {@link SavepointNeededException}. */
    NONE,
    /** Those that their contract allows to be rejected. */
    WHERE_REJECTABLE,
    /** All, so that each can be put aside too. */
    EVERYWHERE;

    /** So many transactions in a row without a rejection, and savepoints are left out. */
    static final int CLEAN_RUN = 32;

    /** What to begin a transaction with, after so many without a rejection. */
    static Savepoints after(int clean) {
        return clean < CLEAN_RUN ? WHERE_REJECTABLE : NONE;
    }

    /**
     * How many transactions in a row are without a rejection, after one more.
     *
     * @param clean how many there were before it, at most {@value #CLEAN_RUN}
     * @param asked how many commands that can be rejected it carried out; none says nothing
     * @param needed whether one of them was rejected or put aside
     */
    static int clean(int clean, int asked, boolean needed) {
        if (needed) {
            return 0;
        }
        return asked == 0 ? clean : Math.min(CLEAN_RUN, clean + 1);
    }
}
