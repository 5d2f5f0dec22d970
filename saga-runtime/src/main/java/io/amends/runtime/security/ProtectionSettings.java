package io.amends.runtime.security;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How messages are protected.
 *
 * @param signing signatures; null for none, those of others are not looked at then
 * @param sealing encrypted payloads; null for none, those of others can't be read then
 */
public record ProtectionSettings(
        @Nullable Signing signing, @Nullable Sealing sealing) {

    /**
     * Signatures.
     *
     * @param keyId the key that messages are signed with; null to sign none, and only look at those of others
     * @param required whether messages without a signature are refused; a wrong one is refused always
     * @param unsignedTopics topics where messages without a signature are taken although they are required
     */
    public record Signing(@Nullable String keyId, boolean required, Set<String> unsignedTopics) {}

    /**
     * Encrypted payloads.
     *
     * @param keyId the key that payloads are encrypted with; null to encrypt none, and only read those of others
     * @param required whether payloads that are not encrypted are refused
     */
    public record Sealing(@Nullable String keyId, boolean required) {}
}
