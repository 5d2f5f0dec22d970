package io.amends.sample.transfer;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;

/** Three users of the operations console, one for each role, with one password. An application has users of its own. */
@Configuration(proxyBeanMethods = false)
class ConsoleUsers {

    private static final Logger log = LoggerFactory.getLogger(ConsoleUsers.class);

    /** @param password none by default: then one is made up, and told in the log, as Spring Boot does with its own */
    @Bean
    UserDetailsService userDetailsService(@Value("${console.password:#{null}}") @Nullable String password) {
        String word = password;
        if (word == null || word.isBlank()) {
            byte[] made = new byte[9];
            new SecureRandom().nextBytes(made);
            word = HexFormat.of().formatHex(made);
            log.info("Users of the operations console: viewer, operator and admin, with password {}", word);
        }
        // It lives in this process only, so nothing is gained by hashing it.
        String kept = "{noop}" + word;
        return new InMemoryUserDetailsManager(Stream.of("viewer", "operator", "admin")
                .map(name -> User.withUsername(name)
                        .password(kept)
                        .roles("AMENDS_" + name.toUpperCase(Locale.ROOT))
                        .build())
                .toList());
    }
}
