package io.amends.spring.boot.autoconfigure.console;

import io.amends.dashboard.tenants.TenantScope;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
                person("second", "AMENDS_ADMIN"),
                person("jürgen", "AMENDS_VIEWER"),
                // Of towns, where those are tenants.
                person("bonn", "AMENDS_ADMIN", "AMENDS_TENANT_Bonn"),
                person("bea", "AMENDS_ADMIN", "AMENDS_TENANT_Bonn"),
                person("kiel", "AMENDS_ADMIN", "AMENDS_TENANT_Kiel"),
                person("nowhere", "AMENDS_ADMIN", "AMENDS_TENANT_"),
                person(
                        "traveller",
                        Stream.concat(
                                        Stream.of("AMENDS_ADMIN"),
                                        IntStream.rangeClosed(0, TenantScope.MOST)
                                                .mapToObj(town -> "AMENDS_TENANT_" + town))
                                .toArray(String[]::new)),
                person("everywhere", "AMENDS_ADMIN", "AMENDS_ALL_TENANTS"));
        return all::loadUserByUsername;
    }

    private static UserDetails person(String name, String... roles) {
        return User.withUsername(name).password("{noop}secret").roles(roles).build();
    }
}
