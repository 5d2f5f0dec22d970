package io.amends.test.postgres;

/** What a server lives in: a process of this machine, or a container. Its server guards it against use by two threads. */
interface PostgresHome {

    /** Starts it, or starts it again. */
    void open();

    /** Stops it and keeps its data, if it runs. */
    void stop();

    /** Stops it at once and keeps its data as they are, if it runs. */
    void crash();

    /** Stops it for good. Its data is deleted, unless it lies in a directory that the caller named. */
    void end();

    /** Where it listens. */
    String host();

    /** The port, 0 before it was started first. */
    int port();
}
