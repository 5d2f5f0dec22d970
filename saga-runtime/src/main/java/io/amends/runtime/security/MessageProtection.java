package io.amends.runtime.security;

import io.amends.outbox.OutboxMessage;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.MalformedMessageException;
import io.amends.runtime.wire.MessageSecurity;
import io.amends.runtime.wire.PayloadContext;
import io.amends.runtime.wire.SagaMessage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Signs and seals what is sent, and looks at what comes, as {@link ProtectionSettings} say. What is encrypted is encrypted
 * before it is signed, so that a signature is looked at before anything is decrypted. Safe for use by many threads.
 */
public final class MessageProtection implements MessageSecurity {

    /** Why messages are refused: the reason codes that this class gives. */
    public static final List<String> REASONS =
            List.of("NO_SIGNATURE", "BAD_SIGNATURE", "UNKNOWN_KEY", "NOT_ENCRYPTED", "BAD_ENCRYPTION");

    private final @Nullable MessageSignatures signatures;
    private final @Nullable PayloadEncryption encryption;
    private final Map<String, LongAdder> refused = new ConcurrentHashMap<>();
    private final LongAdder unsigned = new LongAdder();

    /**
     * @param random fills an array so that nobody can guess it, as {@code SecureRandom.nextBytes} does
     * @throws IllegalArgumentException if a key that is to be used is missing or too weak
     */
    public MessageProtection(ProtectionSettings settings, SagaKeys keys, Consumer<byte[]> random) {
        ProtectionSettings.Signing signing = settings.signing();
        ProtectionSettings.Sealing sealing = settings.sealing();
        if (signing != null && signing.keyId() != null) {
            check(keys, KeyUse.SIGNATURE, signing.keyId());
        }
        if (sealing != null && sealing.keyId() != null) {
            check(keys, KeyUse.ENCRYPTION, sealing.keyId());
        }
        this.signatures = signing == null
                ? null
                : new MessageSignatures(keys, signing.keyId(), signing.required(), signing.unsignedTopics());
        this.encryption =
                sealing == null ? null : new PayloadEncryption(keys, sealing.keyId(), sealing.required(), random);
    }

    private static void check(SagaKeys keys, KeyUse use, String keyId) {
        String name = use == KeyUse.SIGNATURE ? "signature" : "encryption";
        SecretKey key = keys.find(use, keyId);
        if (key == null) {
            throw new IllegalArgumentException(
                    "There is no %s key '%s', which is to be used. Give it, or name another one."
                            .formatted(name, keyId));
        }
        byte[] bytes = key.getEncoded();
        // A key in hardware does not tell its bytes.
        if (bytes != null && (bytes.length < use.least() || bytes.length > use.most())) {
            throw new IllegalArgumentException("The %s key '%s' has %d bytes, but must have at least %d and at most %d."
                    .formatted(name, keyId, bytes.length, use.least(), use.most()));
        }
    }

    @Override
    public byte[] seal(PayloadContext context, byte[] payload) {
        return encryption == null ? payload : encryption.seal(context, payload);
    }

    @Override
    public boolean seals() {
        return encryption != null && encryption.seals();
    }

    @Override
    public OutboxMessage sign(OutboxMessage message) {
        return signatures == null ? message : signatures.sign(message);
    }

    @Override
    public void verify(InboundRecord record) {
        if (signatures == null) {
            return;
        }
        try {
            if (!signatures.verify(record)) {
                unsigned.increment();
            }
        } catch (MalformedMessageException trouble) {
            throw counted(trouble);
        }
    }

    @Override
    public SagaMessage open(SagaMessage message) {
        try {
            return encryption == null ? MessageSecurity.NONE.open(message) : encryption.open(message);
        } catch (MalformedMessageException trouble) {
            throw counted(trouble);
        }
    }

    private MalformedMessageException counted(MalformedMessageException trouble) {
        refused.computeIfAbsent(trouble.reasonCode(), reason -> new LongAdder()).increment();
        return trouble;
    }

    /** How many messages this process has refused for that reason, see {@link #REASONS}; one that comes again counts again. */
    public long refused(String reason) {
        LongAdder count = refused.get(reason);
        return count == null ? 0 : count.sum();
    }

    /** How many messages without a signature this process has taken. While it grows, signatures can't be required yet. */
    public long unsigned() {
        return unsigned.sum();
    }
}
