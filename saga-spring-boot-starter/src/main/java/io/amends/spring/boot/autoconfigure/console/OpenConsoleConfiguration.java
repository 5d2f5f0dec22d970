package io.amends.spring.boot.autoconfigure.console;

import io.amends.dashboard.access.Caller;
import io.amends.dashboard.access.ConsoleRole;
import io.amends.dashboard.gate.Callers;
import io.amends.dashboard.gate.CsrfCookie;
import io.amends.dashboard.gate.LoopbackFilter;
import io.amends.dashboard.tenants.TenantScope;
import java.util.Optional;
import java.util.Set;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Where it does not: everybody on this machine, or nobody. Comes behind {@link SecuredConsoleConfiguration}. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean(Callers.class)
class OpenConsoleConfiguration {

    @Bean
    Callers sagaConsoleCallers(ConsoleProperties properties, Environment environment) {
        String property = ConsolePlace.of(environment).addressProperty();
        WithoutSecurity.check(properties.unsafeWithoutSecurity(), property, environment.getProperty(property));
        return request -> Optional.of(
                new Caller("anonymous", request.getRemoteAddr(), Set.of(ConsoleRole.ADMIN), TenantScope.ALL));
    }

    @Bean
    @OnPort(ConsolePort.APPLICATION)
    FilterRegistrationBean<LoopbackFilter> sagaConsoleGate(ConsoleProperties properties, CsrfCookie csrf) {
        return ConsoleRegistrations.gate(properties, csrf);
    }

    @Bean
    ConsoleSummary sagaConsoleSummary(ConsoleProperties properties, Environment environment) {
        return new ConsoleSummary(properties, ConsolePlace.of(environment), false);
    }
}
