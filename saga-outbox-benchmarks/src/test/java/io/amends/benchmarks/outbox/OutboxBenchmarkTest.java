package io.amends.benchmarks.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.benchmarks.outbox.contender.Kind;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few messages, to see that everyone takes part; the figures mean nothing. */
class OutboxBenchmarkTest {

    private static final Servers SERVERS = new Servers(Options.of());

    @AfterAll
    static void close() {
        SERVERS.close();
    }

    private static List<Sample> samples(String... options) {
        return new Rounds(Options.of(options), SERVERS).run();
    }

    @Test
    void every_relay_publishes_what_was_committed_before_it_began() {
        List<Sample> samples =
                samples("--rounds=1", "--measures=DRAIN", "--rows=500", "--drain-limit=60s", "--warm-up=0s");

        assertThat(samples)
                .filteredOn(sample -> sample.figure() == Figure.DRAIN_MISSING)
                .hasSize(Kind.values().length - 1)
                .allSatisfy(sample ->
                        assertThat(sample.value()).as(sample.kind().text()).isZero());
    }

    @Test
    void appending_and_latency_are_measured_and_reported_beside_the_yardsticks() {
        String[] given = {
            "--rounds=1",
            "--only=AMENDS_DELTA,BARE_INSERT,HAND_WRITTEN",
            "--measures=APPEND,LATENCY",
            "--window=100ms",
            "--settle=500ms",
            "--latency-window=500ms",
            "--rate=50",
            "--warm-up=0s",
            "--seed=7"
        };
        List<Sample> samples = samples(given);

        assertThat(samples)
                .filteredOn(sample -> sample.figure() == Figure.APPEND_RATE)
                .hasSize(3);
        assertThat(samples)
                .filteredOn(sample -> sample.figure() == Figure.MISSING)
                .hasSize(2)
                .allSatisfy(sample -> assertThat(sample.value()).isZero());
        assertThat(Report.of(Options.of(given), samples))
                .contains("Seed 7;", "of the bare INSERT", "of the hand-written loop", "| Amends, snapshot delta |");
    }

    @Test
    void a_held_snapshot_is_told_as_csv_and_drawn(@TempDir Path folder) {
        String report = OutboxBenchmark.report(
                Options.of(
                        "--bloat=2s",
                        "--bloat-rate=50",
                        "--sample=500ms",
                        "--only=AMENDS_DELTA,HAND_WRITTEN",
                        "--out=" + folder),
                SERVERS);

        assertThat(report).contains("| hand-written loop | ");
        assertThat(folder.resolve("bloat.csv")).content().startsWith(BloatSample.HEAD);
        assertThat(folder.resolve("bloat-size.svg")).content().contains("<svg");
        assertThat(folder.resolve("bloat-p99.svg")).exists();
    }

    @Test
    void a_backlog_is_drained_by_a_relay_in_a_small_heap() {
        assertThat(OutboxBenchmark.report(Options.of("--backlog=2000", "--only=AMENDS_DELTA"), SERVERS))
                .contains("| Amends, snapshot delta | 2000 | ");
    }
}
