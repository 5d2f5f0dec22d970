package io.amends.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.SimpleCommandLinePropertySource;

/** Few transfers, to see that everything is measured; the figures mean nothing. */
class BenchmarkTest {

    private final BenchmarkOptions options = BenchmarkOptions.of(new SimpleCommandLinePropertySource(
            "--rounds=1",
            "--in-flight=1,8",
            "--window=1s",
            "--settle=500ms",
            "--warm-up=1s",
            "--ways=SAGA,SAGA_NO_BATCHES,PLAIN",
            "--seed=7",
            "--top-statements=3",
            "--jvm-options=-Xmx256m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC"));

    @Test
    void every_way_is_measured_at_every_load_and_all_transfers_arrive() {
        Results results;
        try (Installation installation = Installation.start(options)) {
            results = new Benchmark(options, installation).run();
        }

        List<Sample> samples = results.samples();
        assertThat(samples).hasSize(6).allSatisfy(sample -> {
            assertThat(sample.transfers()).isPositive();
            assertThat(sample.p50()).isPositive().isLessThanOrEqualTo(sample.p99());
            assertThat(sample.used().walBytes()).isPositive();
            assertThat(sample.statements()).hasSize(3);
            assertThat(sample.used().cpuNanos()).hasSize(5).containsKey(Installation.POSTGRES);
        });
        Map<Way, List<Sample>> byWay = samples.stream().collect(Collectors.groupingBy(Sample::way));
        assertThat(byWay.get(Way.PLAIN)).allSatisfy(sample -> {
            assertThat((double) sample.used().commits() / sample.transfers()).isCloseTo(2, within(0.5));
            assertThat(sample.used().records()).isZero();
        });
        assertThat(byWay.get(Way.SAGA))
                .allSatisfy(sample -> assertThat(sample.used().records()).isPositive());
        assertThat(results.records())
                .as("two commands, two replies, perhaps repeats")
                .isGreaterThanOrEqualTo(4 * results.sagas());
        String report = Report.of(options, results);
        assertThat(report).contains("Seed 7;");
        assertThat(Arrays.stream(report.split("\n", -1)).filter(line -> line.startsWith("| 8 |")))
                .hasSize(6);
    }
}
