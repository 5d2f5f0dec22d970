package io.amends.interop;

import io.amends.outbox.inbox.IdempotentListener;
import io.micrometer.tracing.Tracer;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.annotation.KafkaListener;

/** Traces through Micrometer and OpenTelemetry, as Spring Boot sets them up; its listeners note the trace they run in. */
@SpringBootConfiguration
@EnableAutoConfiguration(exclude = {HibernateJpaAutoConfiguration.class, DataJpaRepositoriesAutoConfiguration.class})
class TracedApplication {

    /** Finished spans. The exporter itself is no bean, or Spring Boot would hand each span to it once more, seconds later. */
    record Spans(InMemorySpanExporter finished) {}

    @Bean
    Spans spans() {
        return new Spans(InMemorySpanExporter.create());
    }

    @Bean
    SpanProcessor spanProcessor(Spans spans) {
        return SimpleSpanProcessor.create(spans.finished());
    }

    @Bean
    TracedListener tracedListener(Tracer tracer) {
        return new TracedListener(tracer);
    }

    @Bean
    TracedOnce tracedOnce(Tracer tracer) {
        return new TracedOnce(tracer);
    }

    static class TracedOnce {

        /** In the order of the calls. */
        final List<String> traces = new CopyOnWriteArrayList<>();

        private final Tracer tracer;

        TracedOnce(Tracer tracer) {
            this.tracer = tracer;
        }

        /** Throws at the first call. */
        @IdempotentListener(consumer = "traced-once", topics = "${traced.once-topic}")
        void take(String value) {
            traces.add(Objects.requireNonNull(tracer.currentSpan()).context().traceId());
            if (traces.size() == 1) {
                throw new IllegalStateException("Not yet");
            }
        }
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
