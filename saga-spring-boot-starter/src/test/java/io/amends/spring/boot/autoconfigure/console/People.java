package io.amends.spring.boot.autoconfigure.console;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;

/** Who is known in the shop. */
@Configuration(proxyBeanMethods = false)
class People {

    @Bean
    UserDetailsService knownPeople() {
        // Not itself: it would store passwords anew, in a way that takes a tenth of a second to check.
        InMemoryUserDetailsManager all = new InMemoryUserDetailsManager(
                person("stranger", "CUSTOMER"),
                person("viewer", "AMENDS_VIEWER"),
                person("operator", "AMENDS_OPERATOR"),
                person("admin", "AMENDS_ADMIN"),
                person("second", "AMENDS_ADMIN"));
        return all::loadUserByUsername;
    }

    private static UserDetails person(String name, String role) {
        return User.withUsername(name).password("{noop}secret").roles(role).build();
    }
}
