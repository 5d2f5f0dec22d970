package io.amends.dashboard.login;

import org.springframework.security.config.annotation.web.builders.HttpSecurity;

/**
 * How somebody logs in at the console, for applications that neither have users with passwords nor let the console use a
 * session that began elsewhere. A bean of this type takes the place of the console's own form and of HTTP Basic.
 *
 * <pre>{@code
 * @Bean
 * ConsoleLogin consoleLogin() {
 *     return http -> http.oauth2Login(Customizer.withDefaults());
 * }
 * }</pre>
 */
@FunctionalInterface
public interface ConsoleLogin {

    /** Adds to the console's own chain how to log in. What else the chain does is set afterwards. */
    void configure(HttpSecurity http);
}
