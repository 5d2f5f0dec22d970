package io.amends.spring.boot.autoconfigure;

import org.springframework.context.SmartLifecycle;

/**
 * The order in which Amends starts; it stops in reverse. All of it starts before the web server takes requests and stops
 * after the last request was answered, so that nothing is appended to the outbox once the relay drains it.
 */
public final class StartupPhases {

    /** PostgreSQL and Kafka answer, the topics are there. */
    public static final int CONNECTIVITY = SmartLifecycle.DEFAULT_PHASE - 5_000;

    /** The relay publishes. Stops last: it drains what the others left in the outbox. */
    public static final int RELAY = CONNECTIVITY + 100;

    /** Commands and replies are read. Stop first, each after the poll that is under way. */
    public static final int LISTENERS = CONNECTIVITY + 200;

    /** Everything runs: the summary is told. */
    public static final int SUMMARY = CONNECTIVITY + 300;

    private StartupPhases() {}
}
