package io.amends.spring.boot.autoconfigure.console;

import io.amends.dashboard.gate.CsrfCookie;
import io.amends.dashboard.login.ConsoleChain;
import io.amends.dashboard.login.ConsoleLogin;
import io.amends.dashboard.login.SecurityCallers;
import io.amends.dashboard.pages.LoginPage;
import io.amends.dashboard.rest.ConsoleServlet;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/** Where the application has Spring Security at work. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({SecurityFilterChain.class, HttpSecurity.class})
@ConditionalOnBean(HttpSecurity.class)
class SecuredConsoleConfiguration {

    @Bean
    SecurityCallers sagaConsoleCallers(ConsoleProperties properties) {
        return new SecurityCallers(
                properties.roles().mapping(),
                properties.rights(),
                properties.tenant().mapping());
    }

    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE + 10)
    SecurityFilterChain sagaConsoleSecurityFilterChain(
            HttpSecurity http,
            ConsoleProperties properties,
            ConsoleServlet console,
            CsrfCookie csrf,
            ObjectProvider<ConsoleLogin> login) {
        // Both ports have the same filter. On the one without the console, its path is the application's to guard.
        RequestMatcher server = properties.port() == ConsolePort.MANAGEMENT
                ? ManagementConsoleConfiguration::isHere
                : AnyRequestMatcher.INSTANCE;
        return ConsoleChain.of(http, server, properties.path(), console.routes().open(), csrf, login.getIfAvailable());
    }

    @Bean
    @ConditionalOnMissingBean(ConsoleLogin.class)
    LoginPage sagaConsoleLoginPage(ConsoleProperties properties, CsrfCookie csrf) {
        return new LoginPage(properties.path(), csrf);
    }

    @Bean
    ConsoleSummary sagaConsoleSummary(ConsoleProperties properties, Environment environment) {
        return new ConsoleSummary(properties, ConsolePlace.of(environment), true);
    }
}
