package io.amends.twopc.simulation;

/**
 * How long what takes, in ticks. Three-phase commit rests on the first: in a synchronous network no message takes longer, so
 * who does not answer in time has crashed.
 */
final class Times {

    /** The longest that a message takes in a synchronous network. */
    static final int DELAY = 4;

    /** A question and its answer. */
    static final int ROUND = 2 * DELAY + 1;

    /** How long a bank waits to be asked to prepare. */
    static final int WORK = 3 * DELAY;

    /** How often the coordinator of two-phase commit looks for branches in doubt. */
    static final int LOOK = 6 * DELAY;

    /** A bank of three-phase commit that voted hears of the decision within this time, unless the coordinator crashed. */
    static final int PHASES = 2 * ROUND + 2 * DELAY;

    /** How long one backup coordinator needs at most, and the turns of two of them are apart. */
    static final int TURN = ROUND + 3 * DELAY;

    /** How long a bank of three-phase commit that does not crash can be in doubt, however many others do. */
    static int inDoubtAtMost(int banks) {
        return PHASES + banks * TURN;
    }

    private Times() {}
}
