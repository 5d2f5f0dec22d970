package io.amends.test.simulation;

/** The end of a process, as far as its code can tell: nothing in it may catch this. */
final class SimulatedCrash extends Error {

    private static final long serialVersionUID = 1L;

    SimulatedCrash() {
        super("the process ends here", null, false, false);
    }
}
