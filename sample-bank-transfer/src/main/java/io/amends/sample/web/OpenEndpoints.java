package io.amends.sample.web;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.RequestCacheConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Lets everybody use the sample's own endpoints: it is for trying out. The operations console, which stands before this
 * chain with one of its own, is for its users only; and two-phase commit asks for its secret itself.
 */
@Configuration(proxyBeanMethods = false)
public class OpenEndpoints {

    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    SecurityFilterChain openEndpoints(HttpSecurity http) {
        return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                // No request is done in anybody's name, so that none can be forged.
                .csrf(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(RequestCacheConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .build();
    }
}
