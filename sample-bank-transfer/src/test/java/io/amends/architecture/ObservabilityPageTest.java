package io.amends.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.observation.LogField;
import io.amends.spring.boot.autoconfigure.DocumentedMeter;
import io.amends.spring.boot.autoconfigure.observability.SagaMeter;
import io.amends.spring.boot.autoconfigure.observability.SagaObservation;
import io.amends.spring.boot.autoconfigure.twopc.TwoPhaseMeter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/observability.md, the alert rules and the dashboard say is so in the code. */
class ObservabilityPageTest {

    private static final Path DOCS = NamedTests.ROOT.resolve("docs");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)(#[^)]*)?\\)");

    private static String page;

    @BeforeAll
    static void read() throws IOException {
        page = Files.readString(DOCS.resolve("observability.md"));
    }

    @Test
    void its_tables_of_meters_are_those_of_the_enums() {
        assertThat(page).contains(table(SagaMeter.values()));
        assertThat(page).contains(table(TwoPhaseMeter.values()));
    }

    @Test
    void it_names_each_observation_and_each_field_of_a_log_line() {
        assertThat(SagaObservation.values())
                .allSatisfy(one -> assertThat(page).contains("| `%s` |".formatted(one.getName())));
        assertThat(LogField.values())
                .allSatisfy(
                        field -> assertThat(page).contains("| `%s` | %s |".formatted(field.key(), field.sentence())));
    }

    @Test
    void every_file_that_it_links_to_exists() {
        assertThat(LINK.matcher(page).results().map(link -> link.group(1)))
                .isNotEmpty()
                .filteredOn(link -> !link.startsWith("http"))
                .allSatisfy(link -> assertThat(DOCS.resolve(link)).exists());
    }

    @Test
    void no_two_meters_have_one_name_and_no_tag_could_be_anything() {
        assertThat(MeterNames.declared().stream().map(DocumentedMeter::meterName))
                .doesNotHaveDuplicates();
        assertThat(MeterNames.declared().stream().flatMap(meter -> meter.tags().stream()))
                .isSubsetOf(
                        "saga",
                        "step",
                        "kind",
                        "outcome",
                        "error",
                        "reason",
                        "phase",
                        "participant",
                        "command",
                        "disposition",
                        "consumer",
                        "stage",
                        "what");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "observability/prometheus-rules.yml",
                "observability/prometheus-rules-test.yml",
                "observability/grafana-dashboard.json"
            })
    void every_metric_that_is_asked_for_is_one_that_is_declared(String file) throws IOException {
        assertThat(MeterNames.in(Files.readString(DOCS.resolve(file))))
                .isNotEmpty()
                .isSubsetOf(MeterNames.ofPrometheus());
    }

    private static String table(DocumentedMeter... meters) {
        return Stream.of(meters)
                .map(meter -> "| `%s` | %s | %s | %s |\n"
                        .formatted(
                                meter.meterName(),
                                meter.kind().name().toLowerCase(Locale.ROOT),
                                tags(meter.tags()),
                                meter.sentence()))
                .collect(Collectors.joining());
    }

    private static String tags(List<String> tags) {
        return tags.stream().map("`%s`"::formatted).collect(Collectors.joining(", "));
    }
}
