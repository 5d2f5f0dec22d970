package io.amends.runtime.security;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Keys that were given as Base64. Its text names ids, never keys. Immutable. */
public final class KeysInMemory implements SagaKeys {

    private final Map<KeyUse, Map<String, SecretKey>> keys = new EnumMap<>(KeyUse.class);

    /**
     * With those keys in Base64, by their ids.
     *
     * @param signature keys for signatures
     * @param encryption keys for payloads
     * @throws IllegalArgumentException if an id or a key can't be used; it tells all problems, a line each, and no key
     */
    public KeysInMemory(Map<String, String> signature, Map<String, String> encryption) {
        List<String> problems = new ArrayList<>();
        keys.put(KeyUse.SIGNATURE, read(KeyUse.SIGNATURE, signature, problems));
        keys.put(KeyUse.ENCRYPTION, read(KeyUse.ENCRYPTION, encryption, problems));
        keys.get(KeyUse.SIGNATURE)
                .forEach((id, key) -> keys.get(KeyUse.ENCRYPTION).forEach((otherId, other) -> {
                    if (MessageDigest.isEqual(key.getEncoded(), other.getEncoded())) {
                        problems.add("Signature key '%s' and encryption key '%s' are the same. Make a key for each use."
                                .formatted(id, otherId));
                    }
                }));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join(System.lineSeparator(), problems));
        }
    }

    private static Map<String, SecretKey> read(KeyUse use, Map<String, String> given, List<String> problems) {
        Map<String, SecretKey> read = new LinkedHashMap<>();
        String name = use == KeyUse.SIGNATURE ? "Signature" : "Encryption";
        given.forEach((id, text) -> {
            if (!KeyIds.isId(id)) {
                problems.add("%s key '%s' needs another id: 1 to 64 letters, digits, dots, hyphens and underscores."
                        .formatted(name, id));
                return;
            }
            byte[] bytes;
            try {
                bytes = Base64.getDecoder().decode(text.strip());
            } catch (IllegalArgumentException notBase64) {
                // Its text would quote a character of the key.
                problems.add("%s key '%s' is not Base64. 'openssl rand -base64 32' makes one.".formatted(name, id));
                return;
            }
            if (bytes.length < use.least() || bytes.length > use.most()) {
                problems.add("%s key '%s' has %d bytes, but must have %s. 'openssl rand -base64 32' makes one."
                        .formatted(
                                name,
                                id,
                                bytes.length,
                                use.least() == use.most()
                                        ? "%d".formatted(use.least())
                                        : "%d to %d".formatted(use.least(), use.most())));
                return;
            }
            read.put(id, new SecretKeySpec(bytes, use.algorithm()));
        });
        return read;
    }

    @Override
    public @Nullable SecretKey find(KeyUse use, String keyId) {
        return keys.getOrDefault(use, Map.of()).get(keyId);
    }

    /** The ids of the keys for that use. */
    public List<String> ids(KeyUse use) {
        return List.copyOf(keys.getOrDefault(use, Map.of()).keySet());
    }

    @Override
    public String toString() {
        return "signature keys %s, encryption keys %s".formatted(ids(KeyUse.SIGNATURE), ids(KeyUse.ENCRYPTION));
    }
}
