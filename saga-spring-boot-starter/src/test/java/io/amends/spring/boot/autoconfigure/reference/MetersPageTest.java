package io.amends.spring.boot.autoconfigure.reference;

import io.amends.spring.boot.autoconfigure.DocumentedMeter;
import io.amends.spring.boot.autoconfigure.OutboxMeter;
import io.amends.spring.boot.autoconfigure.observability.SagaMeter;
import io.amends.spring.boot.autoconfigure.twopc.TwoPhaseMeter;
import java.io.IOException;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/reference/metrics.md is what the enums of meters say. */
class MetersPageTest {

    private static final String COMMAND = "mvn -q -pl saga-spring-boot-starter -am verify -Dtest=MetersPageTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Damends.docs.write=true";

    @Test
    void the_page_has_every_meter_with_its_tags_and_its_name_in_prometheus() throws IOException {
        new GeneratedPage("reference/metrics.md", MetersPageTest.class)
                .shows(
                        "## Sagas\n\n%s\n## Outbox, relay and inbox\n\n%s\n## Two-phase commit\n\n%s"
                                .formatted(
                                        table(SagaMeter.values()),
                                        table(OutboxMeter.values()),
                                        table(TwoPhaseMeter.values())),
                        COMMAND);
    }

    private static String table(DocumentedMeter... meters) {
        return "| name | kind | tags | in Prometheus | meaning |\n|---|---|---|---|---|\n"
                + Stream.of(meters)
                        .map(meter -> "| `%s` | %s | %s | `%s` | %s |\n"
                                .formatted(
                                        meter.meterName(),
                                        meter.kind().name().toLowerCase(Locale.ROOT),
                                        meter.tags().stream()
                                                .map("`%s`"::formatted)
                                                .collect(Collectors.joining(", ")),
                                        meter.prometheusNames().get(0),
                                        meter.sentence()))
                        .collect(Collectors.joining());
    }
}
