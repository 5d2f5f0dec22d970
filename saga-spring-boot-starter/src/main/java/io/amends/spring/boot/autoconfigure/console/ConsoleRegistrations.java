package io.amends.spring.boot.autoconfigure.console;

import io.amends.dashboard.gate.CsrfCookie;
import io.amends.dashboard.gate.HeadersFilter;
import io.amends.dashboard.gate.LoopbackFilter;
import io.amends.dashboard.rest.ConsoleServlet;
import jakarta.servlet.Filter;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.DispatcherServlet;

/** What a web server is told of the console: the same, whichever of the application's servers has it. */
final class ConsoleRegistrations {

    /** Behind the filter that reads what a proxy says, and before Spring Security. */
    static final int HEADERS = Ordered.HIGHEST_PRECEDENCE + 100;

    /** Where Spring Security would stand. */
    private static final int GATE = -100;

    private ConsoleRegistrations() {}

    static ServletRegistrationBean<DispatcherServlet> servlet(ConsoleServlet console, ConsoleProperties properties) {
        ServletRegistrationBean<DispatcherServlet> registration =
                new ServletRegistrationBean<>(console.servlet(), properties.path() + "/*");
        registration.setName("sagaConsole");
        registration.setLoadOnStartup(1);
        return registration;
    }

    static FilterRegistrationBean<HeadersFilter> headers(ConsoleProperties properties) {
        return filter("sagaConsoleHeaders", new HeadersFilter(properties.path()), HEADERS, properties);
    }

    static FilterRegistrationBean<LoopbackFilter> gate(ConsoleProperties properties, CsrfCookie csrf) {
        return filter("sagaConsoleGate", new LoopbackFilter(csrf), GATE, properties);
    }

    static <F extends Filter> FilterRegistrationBean<F> filter(
            String name, F filter, int order, ConsoleProperties properties) {
        FilterRegistrationBean<F> registration = new FilterRegistrationBean<>(filter);
        registration.setName(name);
        registration.addUrlPatterns(properties.path() + "/*");
        registration.setOrder(order);
        return registration;
    }
}
