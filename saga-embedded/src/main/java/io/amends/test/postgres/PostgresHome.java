package io.amends.test.postgres;

/** What a server lives in: a process of this machine, or a container. Its server guards it against use by two threads. */
interface PostgresHome {

    /** Starts it, or starts it again. */
    void open();

    /** Stops it and keeps its data, if it runs. */
    void stop();

    /** Deletes its data once it is stopped. */
    void clear();

    /** Where it listens. */
    String host();

    /** The port, 0 before it was started first. */
    int port();
}
