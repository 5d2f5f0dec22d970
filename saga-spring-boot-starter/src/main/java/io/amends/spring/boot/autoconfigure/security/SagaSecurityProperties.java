package io.amends.spring.boot.autoconfigure.security;

import io.amends.runtime.security.ProtectionSettings;
import io.amends.runtime.security.ProtectionSettings.Sealing;
import io.amends.runtime.security.ProtectionSettings.Signing;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of what protects messages. Immutable; as a text it names the ids of keys, and no key.
 *
 * @param signature Signatures of messages, so that nobody who can write to a topic can forge one.
 * @param encryption Encrypted payloads, so that nobody who can read a topic or the outbox can read them.
 */
@ConfigurationProperties(SagaSecurityProperties.PREFIX)
public record SagaSecurityProperties(
        @DefaultValue Signature signature, @DefaultValue Encryption encryption) {

    static final String PREFIX = "saga.security";

    /** What becomes of messages without a signature. */
    public enum SignaturePolicy {
        /** They are quarantined. */
        REQUIRED,
        /** They are taken, as before there were signatures; wrong ones are quarantined nevertheless. */
        ACCEPT_UNSIGNED
    }

    /** What becomes of payloads that are not encrypted. */
    public enum EncryptionPolicy {
        /** Their messages are quarantined. */
        REQUIRED,
        /** They are taken, as before there was encryption. */
        ACCEPT_PLAIN
    }

    /**
     * Signatures of messages, so that nobody who can write to a topic can forge one.
     *
     * @param keyId Id of the key that messages are signed with. Without it none are signed.
     * @param keys Keys of HMAC-SHA-256 in Base64, by their ids; 32 bytes or more. Signatures of each of them are right. A
     *     bean of type SagaKeys takes their place.
     * @param policy What becomes of messages without a signature: "required" quarantines them, "accept-unsigned" takes them.
     *     Required by default as soon as there is a key or a key id.
     * @param unsignedTopics Topics where messages without a signature are taken although they are required.
     */
    public record Signature(
            @Nullable String keyId,
            @DefaultValue Map<String, String> keys,
            @Nullable SignaturePolicy policy,
            @DefaultValue Set<String> unsignedTopics) {

        @Override
        public String toString() {
            return text(keyId, keys, policy);
        }
    }

    /**
     * Encrypted payloads, so that nobody who can read a topic or the outbox can read them.
     *
     * @param keyId Id of the key that payloads are encrypted with. Without it none are encrypted.
     * @param keys Keys of AES-256 in Base64, by their ids; 32 bytes. Payloads of each of them can be read. A bean of type
     *     SagaKeys takes their place.
     * @param policy What becomes of payloads that are not encrypted: "required" quarantines their messages, "accept-plain"
     *     takes them. Required by default as soon as there is a key or a key id.
     */
    public record Encryption(
            @Nullable String keyId,
            @DefaultValue Map<String, String> keys,
            @Nullable EncryptionPolicy policy) {

        @Override
        public String toString() {
            return text(keyId, keys, policy);
        }
    }

    private static String text(@Nullable String keyId, Map<String, String> keys, @Nullable Object policy) {
        return "[keyId=%s, keys=%s, policy=%s]".formatted(keyId, new TreeSet<>(keys.keySet()), policy);
    }

    /** The same as messages are protected by it. */
    ProtectionSettings settings() {
        Signing signing = isUsed(signature.keyId(), signature.keys(), signature.policy())
                ? new Signing(
                        signature.keyId(),
                        signature.policy() != SignaturePolicy.ACCEPT_UNSIGNED,
                        signature.unsignedTopics())
                : null;
        Sealing sealing = isUsed(encryption.keyId(), encryption.keys(), encryption.policy())
                ? new Sealing(encryption.keyId(), encryption.policy() != EncryptionPolicy.ACCEPT_PLAIN)
                : null;
        return new ProtectionSettings(signing, sealing);
    }

    private static boolean isUsed(@Nullable String keyId, Map<String, String> keys, @Nullable Object policy) {
        return keyId != null || !keys.isEmpty() || policy != null;
    }
}
