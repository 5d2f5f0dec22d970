package io.amends.spring.boot.autoconfigure.outbox;

import io.amends.outbox.TraceHeaders;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Traces through Micrometer, where the application has a tracer. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({Tracer.class, Propagator.class})
class TracingConfiguration {

    @Bean
    @ConditionalOnMissingBean
    TraceHeaders sagaTraceHeaders(ObjectProvider<Tracer> tracers, ObjectProvider<Propagator> propagators) {
        return () -> {
            // Asked each time, since the tracer may be made after the outbox.
            Tracer tracer = tracers.getIfUnique();
            Propagator propagator = propagators.getIfUnique();
            Span span = tracer == null ? null : tracer.currentSpan();
            if (span == null || propagator == null) {
                return Map.of();
            }
            Map<String, byte[]> headers = new HashMap<>();
            propagator.inject(span.context(), headers, (carrier, name, value) -> {
                if (carrier != null) {
                    carrier.put(name, value.getBytes(StandardCharsets.UTF_8));
                }
            });
            return headers;
        };
    }
}
