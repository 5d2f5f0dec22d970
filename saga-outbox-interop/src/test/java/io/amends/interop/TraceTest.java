package io.amends.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.interop.TracedApplication.TracedListener;
import io.amends.outbox.Outbox;
import io.amends.outbox.OutboxMessage;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A trace goes from the transaction that appends to the listener, though the relay sends on a thread of its own. */
class TraceTest {

    private static final String TOPIC = Servers.topic("traced");

    private static ConfigurableApplicationContext application;
    private static Tracer tracer;
    private static TracedListener listener;

    @BeforeAll
    static void start() {
        Servers.createTopic(TOPIC);
        application = Servers.run(
                TracedApplication.class,
                "traced.topic=" + TOPIC,
                "spring.kafka.listener.observation-enabled=true",
                "management.tracing.sampling.probability=1.0");
        tracer = application.getBean(Tracer.class);
        listener = application.getBean(TracedListener.class);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    void the_listener_goes_on_with_the_trace_of_the_transaction() {
        Span business = tracer.nextSpan().name("place order").start();
        Tracer.SpanInScope scope = tracer.withSpan(business);
        try {
            append("a", "b");
        } finally {
            scope.close();
            business.end();
        }
        append("untraced");

        await().atMost(Duration.ofSeconds(30)).until(() -> listener.traces.size() == 3);
        String trace = business.context().traceId();
        assertThat(listener.traces).containsEntry("a", trace).containsEntry("b", trace);
        assertThat(listener.traces.get("untraced")).isNotEqualTo(trace);
        InMemorySpanExporter spans = application.getBean(InMemorySpanExporter.class);
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(spans.getFinishedSpanItems())
                        .filteredOn(span -> span.getKind() == SpanKind.CONSUMER
                                && span.getTraceId().equals(trace))
                        .hasSize(2)
                        .extracting(SpanData::getParentSpanId)
                        .containsOnly(business.context().spanId()));
    }

    private static void append(String... values) {
        Outbox outbox = application.getBean(Outbox.class);
        new TransactionTemplate(application.getBean(PlatformTransactionManager.class)).executeWithoutResult(status -> {
            for (String value : values) {
                outbox.append(new OutboxMessage(
                        UUID.randomUUID(), TOPIC, "k", "noted", value.getBytes(StandardCharsets.UTF_8), Map.of()));
            }
        });
    }
}
