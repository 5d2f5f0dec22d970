package io.amends.outbox.relay;

import java.util.List;

/** Takes messages that the relay hands over within this process. Called by many threads; a key belongs to one at a time. */
@FunctionalInterface
public interface LocalReceiver {

    /**
     * Takes messages of one topic, in order per key. When it returns, each of them has had its effect, or is kept somewhere
     * durable with a reason. When it throws, they are handed over again, after trouble with the database for as long as it
     * takes; otherwise one by one, and one that is thrown upon again and again is parked with its key. After a crash or a
     * takeover, messages that were taken come again.
     */
    void receive(List<LocalMessage> messages);
}
