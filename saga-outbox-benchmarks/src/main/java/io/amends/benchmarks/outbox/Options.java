package io.amends.benchmarks.outbox;

import io.amends.benchmarks.outbox.contender.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.env.SimpleCommandLinePropertySource;

/**
 * What is measured, and how long. The module's README says what each is for.
 *
 * @param rounds how often everything is measured
 * @param only who takes part
 * @param measures what of it is measured
 * @param rows how many committed rows are drained
 * @param drainLimit when a drain is broken off; its rate is then that of what has arrived
 * @param window how long appending is measured
 * @param settle how long messages are appended before that at the same rate, without being counted
 * @param latencyWindow how long messages are appended at a steady rate
 * @param rate messages a second meanwhile
 * @param writers threads that append
 * @param warmUp how long everyone works before the first round, with each measure
 * @param seed keys, ids and payloads
 * @param backlog rows that a relay in a small heap drains; 0 for the usual rounds instead
 * @param bloat how long a snapshot is held under load; zero for the usual rounds instead
 * @param bloatRate messages a second meanwhile
 * @param sample how often is looked meanwhile
 * @param out where the charts go
 * @param postgres a database of a server that is there, as a JDBC address; null for the embedded one
 * @param user of that server
 * @param password of that user
 * @param kafka brokers that are there; null for the embedded one
 */
record Options(
        int rounds,
        List<Kind> only,
        List<Measure> measures,
        int rows,
        Duration drainLimit,
        Duration window,
        Duration settle,
        Duration latencyWindow,
        int rate,
        int writers,
        Duration warmUp,
        long seed,
        int backlog,
        Duration bloat,
        int bloatRate,
        Duration sample,
        Path out,
        @Nullable String postgres,
        String user,
        String password,
        @Nullable String kafka) {

    /**
     * From the command line.
     *
     * @throws IllegalArgumentException if a value can't be read
     */
    static Options of(String... arguments) {
        Given given = new Given(new SimpleCommandLinePropertySource(arguments));
        return new Options(
                given.number("rounds", 5),
                given.words("only", Kind.values()).map(Kind::valueOf).toList(),
                given.words("measures", Measure.values()).map(Measure::valueOf).toList(),
                given.number("rows", 50_000),
                given.duration("drain-limit", "20s"),
                given.duration("window", "5s"),
                given.duration("settle", "3s"),
                given.duration("latency-window", "10s"),
                given.number("rate", 200),
                given.number("writers", 16),
                given.duration("warm-up", "10s"),
                Long.parseLong(given.text(
                        "seed", Long.toString(ThreadLocalRandom.current().nextLong(1, 1_000_000)))),
                given.number("backlog", 0),
                given.duration("bloat", "0s"),
                given.number("bloat-rate", 2_000),
                given.duration("sample", "5s"),
                Path.of(given.text("out", "target")),
                given.orNull("postgres"),
                given.text("user", "postgres"),
                given.text("password", "postgres"),
                given.orNull("kafka"));
    }

    /** How many rows that contender gets to drain: a tenth if it is slow, since the rate is what matters. */
    int rowsOf(Kind kind) {
        return kind.isSlow() ? Math.max(1, rows / 10) : rows;
    }

    private record Given(SimpleCommandLinePropertySource options) {

        @Nullable
        String orNull(String name) {
            String value = options.getProperty(name);
            return value == null || value.isBlank() ? null : value;
        }

        String text(String name, String otherwise) {
            String value = orNull(name);
            return value == null ? otherwise : value;
        }

        int number(String name, int otherwise) {
            return Integer.parseInt(text(name, Integer.toString(otherwise)));
        }

        Duration duration(String name, String otherwise) {
            return DurationStyle.detectAndParse(text(name, otherwise));
        }

        Stream<String> words(String name, Enum<?>... all) {
            String given = orNull(name);
            return given == null ? Arrays.stream(all).map(Enum::name) : Arrays.stream(given.split("[, ]+", -1));
        }
    }
}
