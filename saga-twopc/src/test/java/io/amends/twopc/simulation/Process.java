package io.amends.twopc.simulation;

/**
 * A coordinator or a bank, for one transaction: a value that is fed events and answers with what it becomes and what it
 * sends. It writes what must survive a crash before it sends anything.
 */
interface Process {

    State state();

    /** The transaction begins. */
    Step begin();

    Step receive(String from, Kind kind);

    Step wake(Alarm alarm);

    /** It crashed and is back with what it had written. */
    Step comeBack();
}
