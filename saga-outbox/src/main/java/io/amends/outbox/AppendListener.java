package io.amends.outbox;

import java.util.BitSet;

/** Hears that messages were committed, so that they need not wait until a relay looks. Safe for use by many threads. */
@FunctionalInterface
public interface AppendListener {

    /** For an outbox whose relays find messages by looking. */
    AppendListener NONE = buckets -> {};

    /**
     * A transaction with messages has committed. Must be quick and must not throw.
     *
     * @param buckets those of the messages' keys; not changed afterwards
     */
    void committed(BitSet buckets);

    /**
     * Whether it would make use of a {@link CommittedMessage}, which costs the database a little. Asked before the only
     * message of a transaction is written.
     */
    default boolean wants(short bucket) {
        return false;
    }

    /** A transaction has committed with that message only. Must be quick and must not throw. */
    default void committed(CommittedMessage message) {
        BitSet buckets = new BitSet();
        buckets.set(message.bucket());
        committed(buckets);
    }
}
