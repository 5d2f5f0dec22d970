package io.amends.spring.boot.autoconfigure.security;

import io.amends.runtime.security.KeyUse;
import io.amends.runtime.security.KeysInMemory;
import io.amends.runtime.security.MessageProtection;
import io.amends.runtime.security.ProtectionSettings;
import io.amends.runtime.security.ProtectionSettings.Sealing;
import io.amends.runtime.security.ProtectionSettings.Signing;
import io.amends.runtime.security.SagaKeys;
import io.amends.runtime.wire.MessageSecurity;
import io.amends.spring.boot.autoconfigure.PropertyProblems;
import io.amends.spring.boot.autoconfigure.runtime.SagaRuntimeAutoConfiguration;
import java.security.SecureRandom;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of what protects messages. Without any setting it protects nothing. */
@AutoConfiguration(before = SagaRuntimeAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "saga.enabled", matchIfMissing = true)
@ConditionalOnClass(MessageProtection.class)
@EnableConfigurationProperties(SagaSecurityProperties.class)
public final class SagaSecurityAutoConfiguration {

    private static final Logger log = LoggerFactory.getLogger("io.amends");

    @Bean
    @ConditionalOnMissingBean(MessageSecurity.class)
    MessageProtection sagaMessageSecurity(SagaSecurityProperties properties, ObjectProvider<SagaKeys> given) {
        PropertyProblems problems = new PropertyProblems();
        SagaKeys keys = given.getIfAvailable();
        if (keys == null) {
            keys = configured(properties, problems);
        } else if (!properties.signature().keys().isEmpty()
                || !properties.encryption().keys().isEmpty()) {
            problems.add(
                    "saga.security.signature.keys and saga.security.encryption.keys are not used, since there is a bean of type SagaKeys. Remove one or the other.");
        }
        problems.throwIfAny();
        ProtectionSettings settings = properties.settings();
        try {
            MessageProtection protection = new MessageProtection(settings, keys, new SecureRandom()::nextBytes);
            tell(settings, keys);
            return protection;
        } catch (IllegalArgumentException trouble) {
            problems.add("saga.security.*: %s", String.valueOf(trouble.getMessage()));
            problems.throwIfAny();
            throw trouble;
        }
    }

    private static SagaKeys configured(SagaSecurityProperties properties, PropertyProblems problems) {
        try {
            return new KeysInMemory(
                    properties.signature().keys(), properties.encryption().keys());
        } catch (IllegalArgumentException trouble) {
            String.valueOf(trouble.getMessage()).lines().forEach(line -> problems.add("saga.security.*: %s", line));
            return (use, keyId) -> null;
        }
    }

    /** By ids: which keys are used, and which are good. */
    private static void tell(ProtectionSettings settings, SagaKeys keys) {
        Signing signing = settings.signing();
        if (signing != null) {
            log.info(
                    "Messages are {}; signatures of {} are good; without a signature they are {}{}",
                    signing.keyId() == null ? "not signed" : "signed with key '" + signing.keyId() + "'",
                    ids(keys, KeyUse.SIGNATURE),
                    signing.required() ? "refused" : "taken",
                    signing.required() && !signing.unsignedTopics().isEmpty()
                            ? ", but not from " + signing.unsignedTopics()
                            : "");
        }
        Sealing sealing = settings.sealing();
        if (sealing != null) {
            log.info(
                    "Payloads are {}; those of {} can be read; not encrypted they are {}",
                    sealing.keyId() == null ? "not encrypted" : "encrypted with key '" + sealing.keyId() + "'",
                    ids(keys, KeyUse.ENCRYPTION),
                    sealing.required() ? "refused" : "taken");
        }
    }

    private static List<String> ids(SagaKeys keys, KeyUse use) {
        return keys instanceof KeysInMemory known ? known.ids(use) : List.of("the application's SagaKeys");
    }
}
