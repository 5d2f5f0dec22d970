package io.amends.spring.boot.autoconfigure.traced;

import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import org.springframework.context.annotation.Bean;

/** Keeps the spans that have ended. The exporter itself is no bean, or each span would come to it once more. */
public class Spans {

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();

    @Bean
    SpanProcessor spanProcessor() {
        return SimpleSpanProcessor.create(exporter);
    }

    List<SpanData> ended() {
        return exporter.getFinishedSpanItems();
    }
}
