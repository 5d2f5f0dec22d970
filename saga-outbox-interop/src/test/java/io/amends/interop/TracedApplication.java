package io.amends.interop;

import io.micrometer.tracing.Tracer;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.annotation.KafkaListener;

/** Traces through Micrometer and OpenTelemetry, as Spring Boot sets them up; its listener notes the trace it runs in. */
@SpringBootConfiguration
@EnableAutoConfiguration(exclude = {HibernateJpaAutoConfiguration.class, DataJpaRepositoriesAutoConfiguration.class})
class TracedApplication {

    @Bean
    InMemorySpanExporter spans() {
        return InMemorySpanExporter.create();
    }

    @Bean
    SpanProcessor spanProcessor(InMemorySpanExporter spans) {
        return SimpleSpanProcessor.create(spans);
    }

    @Bean
    TracedListener tracedListener(Tracer tracer) {
        return new TracedListener(tracer);
    }

    static class TracedListener {

        /** Of each record the trace in which it was handled. */
        final Map<String, String> traces = new ConcurrentHashMap<>();

        private final Tracer tracer;

        TracedListener(Tracer tracer) {
            this.tracer = tracer;
        }

        @KafkaListener(topics = "${traced.topic}", groupId = "traced")
        void take(String value) {
            traces.put(
                    value,
                    Objects.requireNonNull(tracer.currentSpan()).context().traceId());
        }
    }
}
