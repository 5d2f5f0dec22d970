package io.amends.runtime.wire;

import io.amends.outbox.OutboxMessage;

/** Messages as they are. */
final class Unprotected implements MessageSecurity {

    @Override
    public byte[] seal(PayloadContext context, byte[] payload) {
        return payload;
    }

    @Override
    public boolean seals() {
        return false;
    }

    @Override
    public OutboxMessage sign(OutboxMessage message) {
        return message;
    }

    @Override
    public void verify(InboundRecord record) {
        // Who has no keys can't tell a right signature from a wrong one.
    }

    @Override
    public SagaMessage open(SagaMessage message) {
        if (SealedPayload.isSealed(message.payload())) {
            throw new MalformedMessageException(
                    "UNKNOWN_KEY",
                    "The payload of the message at %s is encrypted, and this process has no keys. Give it the sender's, see saga.security.encryption.keys."
                            .formatted(message.record().place()));
        }
        return message;
    }
}
