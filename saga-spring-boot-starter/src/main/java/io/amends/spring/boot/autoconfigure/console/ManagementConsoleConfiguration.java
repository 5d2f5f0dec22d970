package io.amends.spring.boot.autoconfigure.console;

import io.amends.dashboard.gate.CsrfCookie;
import io.amends.dashboard.gate.HeadersFilter;
import io.amends.dashboard.gate.LoopbackFilter;
import io.amends.dashboard.rest.ConsoleServlet;
import io.amends.dashboard.verbs.ConsoleVerb;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.web.filter.CharacterEncodingFilter;
import org.springframework.web.filter.ForwardedHeaderFilter;
import org.springframework.web.servlet.DispatcherServlet;

/**
 * The console on the management port: in the context that Spring Boot makes for that server, where the application's own context has all
 * else of the console. Spring Security's filter comes from Spring Boot, and is the application's.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({ConsoleVerb.class, DispatcherServlet.class})
@ConditionalOnBean(ConsoleOnManagementPort.class)
class ManagementConsoleConfiguration {

    /**
     * Browsers tell cookies apart by host, not by port: with the application's own name, who logs in at one port would be logged out at the
     * other.
     */
    static final String SESSION = "AMENDS_SESSION";

    private static final String HERE = ManagementConsoleConfiguration.class.getName();

    /** Whether that request came to the server that has the console. */
    static boolean isHere(HttpServletRequest request) {
        return request.getServletContext().getAttribute(HERE) != null;
    }

    @Bean
    static ServletContextInitializer sagaConsoleHere(ConsoleOnManagementPort port) {
        return context -> {
            context.setAttribute(HERE, true);
            context.getSessionCookieConfig().setName(SESSION);
            port.served();
        };
    }

    @Bean
    static ServletRegistrationBean<DispatcherServlet> sagaConsoleRegistration(
            ConsoleServlet console, ConsoleProperties properties) {
        return ConsoleRegistrations.servlet(console, properties);
    }

    @Bean
    static FilterRegistrationBean<HeadersFilter> sagaConsoleHeaders(ConsoleProperties properties) {
        return ConsoleRegistrations.headers(properties);
    }

    /** Spring Boot has one for the application's own server only. */
    @Bean
    @ConditionalOnProperty(name = "server.forward-headers-strategy", havingValue = "framework")
    static FilterRegistrationBean<ForwardedHeaderFilter> sagaConsoleForwarded(ConsoleProperties properties) {
        return ConsoleRegistrations.filter(
                "sagaConsoleForwarded", new ForwardedHeaderFilter(), Ordered.HIGHEST_PRECEDENCE, properties);
    }

    /** The application's own is not here, and a form in which somebody logs in does not say what it is written in. */
    @Bean
    static FilterRegistrationBean<CharacterEncodingFilter> sagaConsoleEncoding(ConsoleProperties properties) {
        return ConsoleRegistrations.filter(
                "sagaConsoleEncoding",
                new CharacterEncodingFilter(StandardCharsets.UTF_8.name()),
                ConsoleRegistrations.HEADERS - 1,
                properties);
    }

    @Bean
    @ConditionalOnBean(OpenConsoleConfiguration.class)
    static FilterRegistrationBean<LoopbackFilter> sagaConsoleGate(ConsoleProperties properties, CsrfCookie csrf) {
        return ConsoleRegistrations.gate(properties, csrf);
    }
}
