package io.amends.runtime.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.amends.outbox.OutboxMessage;
import io.amends.outbox.TraceHeaders;
import io.amends.runtime.security.ProtectionSettings.Sealing;
import io.amends.runtime.security.ProtectionSettings.Signing;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.MessageFactory;
import io.amends.runtime.wire.MessageFactory.CommandHeader;
import io.amends.runtime.wire.SagaMessage;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.Outcome;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Keys, and messages that are protected with them. */
public final class Protected {

    /** Of each use two, so that they can be rotated. */
    static final KeysInMemory KEYS =
            new KeysInMemory(Map.of("s1", key(1), "s2", key(2)), Map.of("e1", key(11), "e2", key(12)));

    static final UUID SAGA = UUID.fromString("019364f0-0000-7000-8000-000000000001");

    private Protected() {}

    /** 32 times that byte, in Base64. */
    static String key(int fill) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) fill);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Signed with s1 and sealed with e1, and nothing else is taken. */
    public static MessageProtection both() {
        return with(new Signing("s1", true, Set.of()), new Sealing("e1", true));
    }

    static MessageProtection signing(@Nullable String keyId, boolean required, String... unsignedTopics) {
        return with(new Signing(keyId, required, Set.of(unsignedTopics)), null);
    }

    static MessageProtection sealing(@Nullable String keyId, boolean required) {
        return with(null, new Sealing(keyId, required));
    }

    static MessageProtection with(@Nullable Signing signing, @Nullable Sealing sealing) {
        return new MessageProtection(new ProtectionSettings(signing, sealing), KEYS, new SecureRandom()::nextBytes);
    }

    static MessageFactory messages(MessageProtection protection) {
        return new MessageFactory(UUID::randomUUID, () -> 1_000_000, "application/json", TraceHeaders.NONE, protection);
    }

    static CommandHeader header(UUID saga, String step, CommandKind kind, int attempt) {
        return new CommandHeader(saga, "transfer", 1, step, kind, attempt, 1, 5, 2, null);
    }

    static OutboxMessage command(MessageProtection protection, String payload) {
        return messages(protection)
                .command(header(SAGA, "debit", CommandKind.ACTION, 1), "bank", "debit", payload.getBytes(UTF_8));
    }

    static OutboxMessage reply(MessageProtection protection, String payload) {
        SagaMessage asked = SagaMessage.command(received(command(protection, "{}")));
        return messages(protection).reply(asked, "bank", "debited", Outcome.SUCCESS, payload.getBytes(UTF_8), 7);
    }

    /** As a consumer gets it. */
    static InboundRecord received(OutboxMessage message) {
        return new InboundRecord(
                message.topic(), 0, 17, message.key().getBytes(UTF_8), message.payload(), message.headers());
    }

    static InboundRecord with(InboundRecord record, String header, byte @Nullable [] value) {
        Map<String, byte[]> headers = new HashMap<>(record.headers());
        headers.remove(header);
        if (value != null) {
            headers.put(header, value);
        }
        return new InboundRecord(
                record.topic(), record.partition(), record.offset(), record.key(), record.value(), headers);
    }

    public static InboundRecord withPayload(InboundRecord record, byte @Nullable [] payload) {
        return new InboundRecord(
                record.topic(), record.partition(), record.offset(), record.key(), payload, record.headers());
    }
}
