package io.amends.runtime.local;

import io.amends.outbox.relay.LocalMessage;
import io.amends.outbox.relay.LocalReceiver;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.RecordProcessor;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Feeds a {@link RecordProcessor} with what the relay of this process hands over: a poll for each chunk. A message's
 * position in the outbox stands for the place on Kafka, so that what is set aside of it has a name that no other message
 * has. Safe for use by many threads.
 */
public final class LocalInbound implements LocalReceiver {

    private final RecordProcessor processor;

    /** @param processor where the messages go */
    public LocalInbound(RecordProcessor processor) {
        this.processor = processor;
    }

    @Override
    public void receive(List<LocalMessage> messages) {
        processor.process(messages.stream().map(LocalInbound::inbound).toList());
    }

    private static InboundRecord inbound(LocalMessage message) {
        return new InboundRecord(
                message.topic(),
                InboundRecord.OUTBOX,
                message.position(),
                message.key().getBytes(StandardCharsets.UTF_8),
                message.payload(),
                message.headers());
    }
}
