package io.amends.runtime.wire;

import io.amends.outbox.OutboxMessage;

/**
 * What protects messages on their way: signatures, encrypted payloads. It stands between the messages and the transport and
 * knows neither. Implementations are safe for use by many threads.
 */
public interface MessageSecurity {

    /** Protects nothing, and refuses payloads that others have encrypted. */
    MessageSecurity NONE = new Unprotected();

    /**
     * A payload as it is sent and stored. One that is sealed already, such as a stored reply, stays as it is, and so does an
     * empty one.
     */
    byte[] seal(PayloadContext context, byte[] payload);

    /** Whether payloads are sealed at all. */
    boolean seals();

    /** The message as it is sent, with a signature if it gets one. It must not be changed afterwards. */
    OutboxMessage sign(OutboxMessage message);

    /**
     * Looks whether the message may be read at all. Comes before anything in it is interpreted.
     *
     * @throws MalformedMessageException if its signature is missing or wrong
     */
    void verify(InboundRecord record);

    /**
     * The message with its payload as it was before it was sealed. What it came from keeps the sealed one.
     *
     * @throws MalformedMessageException if the payload is not sealed although it must be, or can't be opened
     */
    SagaMessage open(SagaMessage message);
}
