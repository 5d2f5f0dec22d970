package io.amends.runtime.security;

import io.amends.runtime.wire.MalformedMessageException;
import io.amends.runtime.wire.PayloadContext;
import io.amends.runtime.wire.SagaMessage;
import io.amends.runtime.wire.SealedPayload;
import io.amends.saga.engine.Outcome;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.function.Consumer;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * AES-256-GCM with a nonce of 96 random bits for each payload, as NIST SP 800-38D describes it. The saga, the step and what
 * else a payload belongs to are authenticated with it: elsewhere it can't be opened. Safe for use by many threads.
 */
final class PayloadEncryption {

    private static final String LABEL = "amends-payload-1";
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int TAG_BITS = 128;

    private final SagaKeys keys;
    private final @Nullable String usedKeyId;
    private final boolean required;
    private final Consumer<byte[]> random;

    /**
     * @param usedKeyId what is encrypted with; null to encrypt nothing, and only read what others have encrypted
     * @param required whether payloads that are not encrypted are refused
     * @param random fills an array so that nobody can guess it; made for many threads
     */
    PayloadEncryption(SagaKeys keys, @Nullable String usedKeyId, boolean required, Consumer<byte[]> random) {
        this.keys = keys;
        this.usedKeyId = usedKeyId;
        this.required = required;
        this.random = random;
    }

    boolean seals() {
        return usedKeyId != null;
    }

    byte[] seal(PayloadContext context, byte[] payload) {
        if (usedKeyId == null || payload.length == 0 || SealedPayload.isSealed(payload)) {
            return payload;
        }
        SecretKey key = keys.find(KeyUse.ENCRYPTION, usedKeyId);
        if (key == null) {
            throw new IllegalStateException(
                    "There is no encryption key '%s' any more, so no message can be sent. See saga.security.encryption.key-id."
                            .formatted(usedKeyId));
        }
        byte[] nonce = new byte[SealedPayload.NONCE_LENGTH];
        random.accept(nonce);
        try {
            byte[] sealed =
                    cipher(Cipher.ENCRYPT_MODE, key, nonce, usedKeyId, context).doFinal(payload);
            return new SealedPayload(usedKeyId, nonce, sealed).bytes();
        } catch (GeneralSecurityException unusable) {
            throw new IllegalStateException(
                    "Encryption key '%s' can't be used: %s".formatted(usedKeyId, unusable.getMessage()), unusable);
        }
    }

    SagaMessage open(SagaMessage message) {
        byte[] payload = message.payload();
        if (payload.length == 0) {
            return message;
        }
        if (!SealedPayload.isSealed(payload)) {
            if (required) {
                throw new MalformedMessageException(
                        "NOT_ENCRYPTED",
                        "The payload of the message at %s is not encrypted, and such payloads are refused here. See saga.security.encryption.policy."
                                .formatted(message.record().place()));
            }
            return message;
        }
        SealedPayload sealed = SealedPayload.read(payload)
                .filter(read -> KeyIds.isId(read.keyId()))
                .orElseThrow(() -> undecipherable(message, "it is cut short, or names no key"));
        SecretKey key = keys.find(KeyUse.ENCRYPTION, sealed.keyId());
        if (key == null) {
            throw new MalformedMessageException(
                    "UNKNOWN_KEY",
                    "The payload of the message at %s is encrypted with key '%s', which this process does not have. See saga.security.encryption.keys."
                            .formatted(message.record().place(), sealed.keyId()));
        }
        try {
            Cipher cipher =
                    cipher(Cipher.DECRYPT_MODE, key, sealed.nonce(), sealed.keyId(), PayloadContext.of(message));
            return message.withPayload(cipher.doFinal(sealed.sealed()));
        } catch (AEADBadTagException forged) {
            throw undecipherable(
                    message,
                    "it was changed, or made for another saga, step or type, or not with key '%s'"
                            .formatted(sealed.keyId()));
        } catch (GeneralSecurityException unusable) {
            throw new IllegalStateException(
                    "Encryption key '%s' can't be used: %s".formatted(sealed.keyId(), unusable.getMessage()), unusable);
        }
    }

    private static MalformedMessageException undecipherable(SagaMessage message, String why) {
        return new MalformedMessageException(
                "BAD_ENCRYPTION",
                "The payload of the message at %s can't be opened: %s."
                        .formatted(message.record().place(), why));
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonce, String keyId, PayloadContext context)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(belonging(keyId, context));
        return cipher;
    }

    private static byte[] belonging(String keyId, PayloadContext context) {
        Outcome outcome = context.outcome();
        return new Fields()
                .add(LABEL)
                .add(keyId)
                .add(context.sagaName())
                .add(context.sagaId().toString())
                .add(context.step())
                .add(context.kind().wireName())
                .add(context.type())
                .add(outcome == null ? "command" : outcome.wireName())
                .add(bytes(context.childName()))
                .add(bytes(context.childKey()))
                .bytes();
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
