package io.amends.benchmarks.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.benchmarks.outbox.contender.Kind;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A few messages, to see that everyone is measured with everything; the figures mean nothing. */
class OutboxBenchmarkTest {

    private final Options options = Options.of(
            "--rounds=1",
            "--rows=500",
            "--drain-limit=20s",
            "--window=100ms",
            "--latency-window=1s",
            "--rate=50",
            "--warm-up=0s",
            "--seed=7");

    @Test
    void every_contender_is_measured_and_what_it_appends_arrives() {
        List<Sample> samples;
        try (Servers servers = new Servers(options)) {
            samples = new Rounds(options, servers).run();
        }

        for (Kind kind : Kind.values()) {
            assertThat(samples)
                    .filteredOn(sample -> sample.kind() == kind)
                    .as(kind.text())
                    .isNotEmpty()
                    .filteredOn(sample -> sample.figure() == Figure.APPEND_RATE || sample.figure() == Figure.DRAIN_RATE)
                    .hasSize(kind.appendsOnly() || kind.readsTheLog() ? 1 : 2)
                    .allSatisfy(sample -> assertThat(sample.value()).isPositive());
        }
        assertThat(samples)
                .filteredOn(sample -> sample.figure() == Figure.MISSING)
                .hasSize(Kind.values().length - 1)
                .allSatisfy(sample -> assertThat(sample.value()).isZero());
        String report = Report.of(options, samples);
        assertThat(report).contains("Seed 7;");
        assertThat(Arrays.stream(report.split("\n", -1)).filter(line -> line.startsWith("| hand-written loop")))
                .hasSizeGreaterThan(10);
    }
}
