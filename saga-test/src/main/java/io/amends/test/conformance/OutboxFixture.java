package io.amends.test.conformance;

import io.amends.outbox.Outbox;
import io.amends.outbox.OutboxMessage;
import java.util.List;

/** An outbox, and how to read what would be published. Made anew for each test. */
public interface OutboxFixture extends StoreFixture {

    /** The outbox; it refuses messages of more than {@link #maxMessageBytes()}. */
    Outbox outbox();

    /** How large a message may be, as the outbox was told. */
    int maxMessageBytes();

    /** The messages of committed transactions, in the order in which a relay publishes them. */
    List<OutboxMessage> committed();
}
