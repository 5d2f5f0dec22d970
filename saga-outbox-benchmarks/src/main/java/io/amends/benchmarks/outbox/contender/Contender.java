package io.amends.benchmarks.outbox.contender;

import java.util.List;

/**
 * An outbox with its relay, ready to be measured. Made in an empty database; {@link #append} may be called by many
 * threads, the rest by one.
 */
public interface Contender extends AutoCloseable {

    /** Appends the messages in one transaction that does nothing else, and returns when it has committed. */
    void append(List<Message> messages);

    /** Begins to publish what was appended and what will be; returns soon. */
    void start();

    /** Ends publishing; what is pending stays. */
    void stop();

    /** Stops, and frees everything but the database. */
    @Override
    void close();
}
