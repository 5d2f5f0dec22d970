package io.amends.spring.boot.autoconfigure.console;

import io.amends.dashboard.access.Masking;
import io.amends.dashboard.gate.Callers;
import io.amends.dashboard.gate.CsrfCookie;
import io.amends.dashboard.gate.HeadersFilter;
import io.amends.dashboard.refresh.SharedReads;
import io.amends.dashboard.rest.ConsoleController;
import io.amends.dashboard.rest.ConsoleServlet;
import io.amends.dashboard.rest.ConsoleSettings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.web.servlet.DispatcherServlet;

/** The console's routes, and who stands before them. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(DispatcherServlet.class)
@Import({ConsoleRoutesConfiguration.class, SecuredConsoleConfiguration.class, OpenConsoleConfiguration.class})
class ConsoleWebConfiguration {

    @Bean
    static CsrfCookie sagaConsoleCsrf(ConsoleProperties properties) {
        return new CsrfCookie(properties.path());
    }

    @Bean
    static ConsoleSettings sagaConsoleSettings(ConsoleProperties properties, Environment environment) {
        return new ConsoleSettings(
                properties.readOnly(),
                properties.fourEyes(),
                properties.approvalWithin(),
                environment.getProperty("spring.application.name", "application"),
                environment.getProperty("spring.application.version"),
                properties.runbookBase(),
                properties.traceLink(),
                ClassUtils.isPresent("io.amends.twopc.TwoPhaseTransactions", null),
                properties.edit(),
                properties.tenant().attribute(),
                properties.notes());
    }

    /** One for all routes and for the stream of events, since what they read adds up. */
    @Bean
    SharedReads sagaConsoleSharedReads(ConsoleProperties properties) {
        // A route has more than one statement, each with its own limit.
        return new SharedReads(
                properties.liveLoad(), properties.statementTimeout().multipliedBy(4));
    }

    @Bean
    ConsoleServlet sagaConsoleServlet(
            ObjectProvider<ConsoleController> controllers,
            Callers callers,
            Masking masking,
            ConsoleProperties properties,
            SharedReads shared) {
        return new ConsoleServlet(
                controllers.orderedStream().toList(), callers, masking, properties.readOnly(), shared);
    }

    @Bean
    @OnPort(ConsolePort.APPLICATION)
    ServletRegistrationBean<DispatcherServlet> sagaConsoleRegistration(
            ConsoleServlet console, ConsoleProperties properties) {
        return ConsoleRegistrations.servlet(console, properties);
    }

    @Bean
    @OnPort(ConsolePort.APPLICATION)
    FilterRegistrationBean<HeadersFilter> sagaConsoleHeaders(ConsoleProperties properties) {
        return ConsoleRegistrations.headers(properties);
    }

    /** Otherwise {@link ManagementConsoleConfiguration} has those two. */
    @Bean
    @OnPort(ConsolePort.MANAGEMENT)
    ConsoleOnManagementPort sagaConsoleOnManagementPort(ApplicationContext context) {
        return new ConsoleOnManagementPort(context.getEnvironment(), context.getClassLoader());
    }
}
