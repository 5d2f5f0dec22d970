package io.amends.runtime.security;

import static io.amends.runtime.security.Protected.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.runtime.security.ProtectionSettings.Sealing;
import io.amends.runtime.security.ProtectionSettings.Signing;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class KeysInMemoryTest {

    private static final String SHORT = Base64.getEncoder().encodeToString("sixteen bytes 16".getBytes());

    @Test
    void keys_are_found_by_use_and_id() {
        KeysInMemory keys = new KeysInMemory(Map.of("a", key(1)), Map.of("a", key(2)));
        assertThat(keys.find(KeyUse.SIGNATURE, "a")).isNotNull().isNotEqualTo(keys.find(KeyUse.ENCRYPTION, "a"));
        assertThat(keys.find(KeyUse.SIGNATURE, "b")).isNull();
    }

    @Test
    void all_that_can_not_be_used_is_refused_at_once_and_no_key_is_told() {
        assertThatThrownBy(() -> new KeysInMemory(
                        Map.of("weak", SHORT, "no text", key(1), "odd", "-"), Map.of("long", key(3) + key(4))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Signature key 'weak' has 16 bytes, but must have 32 to 1024.")
                .hasMessageContaining("Signature key 'no text' needs another id")
                .hasMessageContaining("Signature key 'odd' is not Base64.")
                .hasMessageContaining("Encryption key 'long'")
                .hasMessageNotContaining(SHORT)
                .hasMessageNotContaining("sixteen");
    }

    @Test
    void one_key_is_not_used_for_both() {
        assertThatThrownBy(() -> new KeysInMemory(Map.of("s", key(1)), Map.of("e", key(1))))
                .hasMessageContaining("Signature key 's' and encryption key 'e' are the same.");
    }

    @Test
    void the_text_names_ids_and_no_key() {
        KeysInMemory keys = new KeysInMemory(Map.of("s", key(1)), Map.of("e", key(2)));
        assertThat(keys).hasToString("signature keys [s], encryption keys [e]");
    }

    @Test
    void a_key_that_is_to_be_used_must_be_there_and_strong() {
        assertThatThrownBy(() -> Protected.with(new Signing("s9", true, Set.of()), null))
                .hasMessageContaining("There is no signature key 's9'");
        assertThatThrownBy(() -> Protected.with(null, new Sealing("e9", true)))
                .hasMessageContaining("There is no encryption key 'e9'");
        SagaKeys weak = (use, id) -> new SecretKeySpec(new byte[16], use.algorithm());
        assertThatThrownBy(() ->
                        new MessageProtection(new ProtectionSettings(null, new Sealing("e", true)), weak, bytes -> {}))
                .hasMessageContaining("has 16 bytes, but must have at least 32 and at most 32");
    }
}
