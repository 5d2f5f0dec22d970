package io.amends.spring.boot.autoconfigure.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.security.KeyUse;
import io.amends.runtime.security.MessageProtection;
import io.amends.runtime.security.ProtectionSettings.Sealing;
import io.amends.runtime.security.ProtectionSettings.Signing;
import io.amends.runtime.security.SagaKeys;
import io.amends.runtime.wire.MessageSecurity;
import io.amends.spring.boot.autoconfigure.InvalidSagaPropertiesException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class SagaSecurityPropertiesTest {

    private static final String KEY = key(1);

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(SagaSecurityAutoConfiguration.class));

    @Test
    void without_any_setting_nothing_is_protected() {
        application.run(context -> {
            assertThat(context.getBean(SagaSecurityProperties.class).settings().signing())
                    .isNull();
            assertThat(context.getBean(SagaSecurityProperties.class).settings().sealing())
                    .isNull();
            assertThat(context.getBean(MessageProtection.class).seals()).isFalse();
        });
    }

    @Test
    void with_a_key_signatures_and_encryption_are_required_unless_the_policy_says_otherwise() {
        application
                .withPropertyValues(
                        "saga.security.signature.key-id=a",
                        "saga.security.signature.keys.a=" + KEY,
                        "saga.security.signature.unsigned-topics=saga.bank.commands,saga.order.replies",
                        "saga.security.encryption.keys.b=" + key(2),
                        "saga.security.encryption.policy=accept-plain")
                .run(context -> {
                    SagaSecurityProperties properties = context.getBean(SagaSecurityProperties.class);
                    assertThat(properties.settings().signing())
                            .isEqualTo(new Signing("a", true, Set.of("saga.bank.commands", "saga.order.replies")));
                    assertThat(properties.settings().sealing()).isEqualTo(new Sealing(null, false));
                    assertThat(properties.toString()).contains("keyId=a").doesNotContain(KEY);
                });
    }

    @Test
    void weak_keys_and_keys_that_are_missing_stop_the_start_and_no_key_is_told() {
        application
                .withPropertyValues(
                        "saga.security.signature.keys.weak=QUJD", "saga.security.encryption.keys.odd=" + KEY + "=")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidSagaPropertiesException.class)
                        .hasMessageContaining("Signature key 'weak' has 3 bytes, but must have 32 to 1024.")
                        .hasMessageContaining("Encryption key 'odd' is not Base64.")
                        .hasMessageNotContaining("QUJD")
                        .hasMessageNotContaining(KEY));
        application
                .withPropertyValues("saga.security.signature.key-id=a")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidSagaPropertiesException.class)
                        .hasMessageContaining("There is no signature key 'a', which is to be used."));
    }

    @Test
    void a_bean_may_keep_the_keys_elsewhere() {
        application
                .withUserConfiguration(Vault.class)
                .withPropertyValues("saga.security.encryption.key-id=vault-7")
                .run(context -> assertThat(
                                context.getBean(MessageSecurity.class).seals())
                        .isTrue());
        application
                .withUserConfiguration(Vault.class)
                .withPropertyValues("saga.security.signature.keys.a=" + KEY)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("since there is a bean of type SagaKeys"));
    }

    @Configuration(proxyBeanMethods = false)
    static class Vault {

        @Bean
        SagaKeys keys() {
            return (use, id) -> id.equals("vault-7") && use == KeyUse.ENCRYPTION
                    ? new SecretKeySpec(new byte[32], use.algorithm())
                    : null;
        }
    }

    private static String key(int fill) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) fill);
        return Base64.getEncoder().encodeToString(bytes);
    }
}
