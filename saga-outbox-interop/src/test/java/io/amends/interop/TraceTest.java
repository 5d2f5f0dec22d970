package io.amends.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.amends.interop.TracedApplication.Spans;
import io.amends.interop.TracedApplication.TracedListener;
import io.amends.interop.TracedApplication.TracedOnce;
import io.amends.outbox.Outbox;
import io.amends.outbox.OutboxMessage;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
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
    private static final String ONCE_TOPIC = Servers.topic("traced-once");

    private static ConfigurableApplicationContext application;
    private static Tracer tracer;
    private static TracedListener listener;

    @BeforeAll
    static void start() {
        Servers.createTopic(TOPIC);
        Servers.createTopic(ONCE_TOPIC);
        application = Servers.run(
                TracedApplication.class,
                "traced.topic=" + TOPIC,
                "traced.once-topic=" + ONCE_TOPIC,
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
        Span business = inBusiness(() -> append(TOPIC, "a", "b"));
        append(TOPIC, "untraced");

        await().atMost(Duration.ofSeconds(30)).until(() -> listener.traces.size() == 3);
        String trace = business.context().traceId();
        assertThat(listener.traces).containsEntry("a", trace).containsEntry("b", trace);
        assertThat(listener.traces.get("untraced")).isNotEqualTo(trace);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(consumed(business))
                        .hasSize(2)
                        .extracting(SpanData::getParentSpanId)
                        .containsOnly(business.context().spanId()));
    }

    @Test
    void an_idempotent_listener_goes_on_with_it_and_each_attempt_is_a_span() {
        Span business = inBusiness(() -> append(ONCE_TOPIC, "a"));

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(consumed(business)).hasSize(2));
        assertThat(application.getBean(TracedOnce.class).traces)
                .hasSize(2)
                .containsOnly(business.context().traceId());
        assertThat(consumed(business))
                .allSatisfy(span -> assertThat(span.getParentSpanId())
                        .isEqualTo(business.context().spanId()))
                .extracting(span -> span.getStatus().getStatusCode(), SpanData::getName)
                .containsExactly(
                        tuple(StatusCode.ERROR, "process " + ONCE_TOPIC),
                        tuple(StatusCode.UNSET, "process " + ONCE_TOPIC));
    }

    /** The finished spans of consumers in that span's trace. */
    private static List<SpanData> consumed(Span business) {
        return application.getBean(Spans.class).finished().getFinishedSpanItems().stream()
                .filter(span -> span.getKind() == SpanKind.CONSUMER
                        && span.getTraceId().equals(business.context().traceId()))
                .toList();
    }

    private static Span inBusiness(Runnable work) {
        Span business = tracer.nextSpan().name("place order").start();
        Tracer.SpanInScope scope = tracer.withSpan(business);
        try {
            work.run();
        } finally {
            scope.close();
            business.end();
        }
        return business;
    }

    private static void append(String topic, String... values) {
        Outbox outbox = application.getBean(Outbox.class);
        new TransactionTemplate(application.getBean(PlatformTransactionManager.class)).executeWithoutResult(status -> {
            for (String value : values) {
                outbox.append(new OutboxMessage(
                        UUID.randomUUID(), topic, "k", "noted", value.getBytes(StandardCharsets.UTF_8), Map.of()));
            }
        });
    }
}
