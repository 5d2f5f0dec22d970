package io.amends.spring.boot.autoconfigure.inbox;

import io.amends.outbox.inbox.InboxRecord;
import io.amends.outbox.inbox.MessageHandler;
import io.amends.outbox.inbox.MessageTraces;
import io.amends.outbox.inbox.ReceivedMessage;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Traces through Micrometer, where the application has a tracer. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({Tracer.class, Propagator.class})
class InboxTracingConfiguration {

    @Bean
    @ConditionalOnMissingBean
    MessageTraces sagaMessageTraces(ObjectProvider<Tracer> tracers, ObjectProvider<Propagator> propagators) {
        return (consumer, handler) -> {
            Tracer tracer = tracers.getIfUnique();
            Propagator propagator = propagators.getIfUnique();
            return tracer == null || propagator == null
                    ? handler
                    : message -> handle(message, handler, tracer, start(message, consumer, propagator));
        };
    }

    private static Span start(ReceivedMessage message, String consumer, Propagator propagator) {
        String topic = message.record().topic();
        return propagator
                .extract(message.record(), InboxTracingConfiguration::text)
                .kind(Span.Kind.CONSUMER)
                .name("process " + topic)
                .tag("messaging.system", message.record().partition() == InboxRecord.OUTBOX ? "postgresql" : "kafka")
                .tag("messaging.operation.type", "process")
                .tag("messaging.destination.name", topic)
                .tag("saga.consumer", consumer)
                .start();
    }

    private static void handle(ReceivedMessage message, MessageHandler handler, Tracer tracer, Span span)
            throws Exception {
        Tracer.SpanInScope scope = tracer.withSpan(span);
        try {
            handler.handle(message);
        } catch (Exception | Error thrown) {
            span.error(thrown);
            throw thrown;
        } finally {
            scope.close();
            span.end();
        }
    }

    private static @Nullable String text(@Nullable InboxRecord record, String name) {
        byte[] header = record == null ? null : record.header(name);
        return header == null ? null : new String(header, StandardCharsets.UTF_8);
    }
}
