package io.amends.runtime.security;

import io.amends.outbox.OutboxMessage;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.MalformedMessageException;
import io.amends.runtime.wire.WireHeaders;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * HMAC-SHA-256 over everything that a receiver goes by: topic, key, payload, and all headers that begin with {@code ce_} or
 * {@code saga_}, and {@code content-type}. Headers of others, such as those of tracing, may be added or changed on the way.
 * Each sending is signed anew. Safe for use by many threads.
 */
final class MessageSignatures {

    private static final String LABEL = "amends-signature-1";

    private final SagaKeys keys;
    private final @Nullable String usedKeyId;
    private final boolean required;
    private final Set<String> unsignedTopics;

    /**
     * @param usedKeyId what is signed with; null to sign nothing, and only look at signatures of others
     * @param required whether messages without a signature are refused
     * @param unsignedTopics where they are not refused nevertheless
     */
    MessageSignatures(SagaKeys keys, @Nullable String usedKeyId, boolean required, Set<String> unsignedTopics) {
        this.keys = keys;
        this.usedKeyId = usedKeyId;
        this.required = required;
        this.unsignedTopics = Set.copyOf(unsignedTopics);
    }

    OutboxMessage sign(OutboxMessage message) {
        if (usedKeyId == null) {
            return message;
        }
        SecretKey key = keys.find(KeyUse.SIGNATURE, usedKeyId);
        if (key == null) {
            throw new IllegalStateException(
                    "There is no signature key '%s' any more, so no message can be sent. See saga.security.signature.key-id."
                            .formatted(usedKeyId));
        }
        Map<String, byte[]> headers = new LinkedHashMap<>(message.headers());
        headers.put(WireHeaders.KEY_ID, usedKeyId.getBytes(StandardCharsets.UTF_8));
        byte[] signature =
                mac(key, message.topic(), message.key().getBytes(StandardCharsets.UTF_8), headers, message.payload());
        headers.put(WireHeaders.SIGNATURE, Base64.getEncoder().encode(signature));
        return new OutboxMessage(
                message.id(), message.topic(), message.key(), message.type(), message.payload(), headers);
    }

    /**
     * @return whether it has a signature
     * @throws MalformedMessageException if it is wrong, or missing where it must not be
     */
    boolean verify(InboundRecord record) {
        byte[] given = record.headers().get(WireHeaders.SIGNATURE);
        if (given == null) {
            if (required && !unsignedTopics.contains(record.topic())) {
                throw new MalformedMessageException(
                        "NO_SIGNATURE",
                        "The message at %s has no header %s, and messages without a signature are refused here. See saga.security.signature.policy."
                                .formatted(record.place(), WireHeaders.SIGNATURE));
            }
            return false;
        }
        String keyId = record.text(WireHeaders.KEY_ID);
        if (keyId == null || !KeyIds.isId(keyId)) {
            throw wrong(record, "its header %s names no key".formatted(WireHeaders.KEY_ID));
        }
        SecretKey key = keys.find(KeyUse.SIGNATURE, keyId);
        if (key == null) {
            throw new MalformedMessageException(
                    "UNKNOWN_KEY",
                    "The message at %s is signed with key '%s', which this process does not have. See saga.security.signature.keys."
                            .formatted(record.place(), keyId));
        }
        byte[] expected = mac(key, record.topic(), record.key(), record.headers(), record.value());
        if (!MessageDigest.isEqual(expected, decoded(record, given))) {
            throw wrong(record, "it was not made with key '%s' for this message".formatted(keyId));
        }
        return true;
    }

    private static byte[] decoded(InboundRecord record, byte[] given) {
        try {
            return Base64.getDecoder().decode(given);
        } catch (IllegalArgumentException notBase64) {
            throw wrong(record, "it is not Base64");
        }
    }

    private static MalformedMessageException wrong(InboundRecord record, String why) {
        return new MalformedMessageException(
                "BAD_SIGNATURE", "The signature of the message at %s is wrong: %s.".formatted(record.place(), why));
    }

    private static byte[] mac(
            SecretKey key,
            String topic,
            byte @Nullable [] recordKey,
            Map<String, byte[]> headers,
            byte @Nullable [] value) {
        Fields fields = new Fields().add(LABEL).add(topic).add(recordKey);
        new TreeMap<>(headers).forEach((name, bytes) -> {
            if (isSigned(name)) {
                fields.add(name).add(bytes);
            }
        });
        try {
            Mac mac = Mac.getInstance(KeyUse.SIGNATURE.algorithm());
            mac.init(key);
            mac.update(fields.add("payload").add(value).bytes());
            return mac.doFinal();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("This JDK can't make an HMAC with the given key.", impossible);
        }
    }

    private static boolean isSigned(String header) {
        return (header.startsWith("ce_") || header.startsWith("saga_") || header.equals(WireHeaders.CONTENT_TYPE))
                && !header.equals(WireHeaders.SIGNATURE);
    }
}
