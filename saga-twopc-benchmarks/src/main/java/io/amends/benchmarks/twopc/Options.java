package io.amends.benchmarks.twopc;

import io.amends.benchmarks.twopc.contender.Kind;
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
 * @param rounds how often the speed is measured
 * @param only who takes part
 * @param measures what of it is measured
 * @param inFlight loads
 * @param window how long is measured at a time
 * @param settle how long the same load runs before
 * @param warmUp how long everyone works before the first round
 * @param costs how many transfers are counted
 * @param rate transfers a second from bank to bank while something is broken, and as many within bank a
 * @param down how long bank b's database is stopped
 * @param dead how long there is no coordinator
 * @param calm how long is looked before something breaks, and after all is well
 * @param patience how long is waited at the most until all is well
 * @param seed transfers and their order
 * @param jvmOptions of the contenders' processes
 * @param settings in place of those of the contender Narayana, tuned; to try others
 * @param write the folder of the page and the images; null to print only
 */
record Options(
        int rounds,
        List<Kind> only,
        List<Measure> measures,
        List<Integer> inFlight,
        Duration window,
        Duration settle,
        Duration warmUp,
        int costs,
        int rate,
        Duration down,
        Duration dead,
        Duration calm,
        Duration patience,
        long seed,
        List<String> jvmOptions,
        @Nullable String settings,
        @Nullable Path write) {

    /**
     * From the command line.
     *
     * @throws IllegalArgumentException if a value can't be read
     */
    static Options of(String... arguments) {
        Given given = new Given(new SimpleCommandLinePropertySource(arguments));
        String write = given.orNull("write");
        return new Options(
                given.number("rounds", 3),
                given.words("only", Kind.values()).map(Kind::valueOf).toList(),
                given.words("measures", Measure.values()).map(Measure::valueOf).toList(),
                Arrays.stream(given.text("in-flight", "1,8,32,256").split("[, ]+", -1))
                        .map(Integer::valueOf)
                        .toList(),
                given.duration("window", "4s"),
                given.duration("settle", "2s"),
                given.duration("warm-up", "20s"),
                given.number("costs", 500),
                given.number("rate", 30),
                given.duration("down", "30s"),
                given.duration("dead", "10s"),
                given.duration("calm", "5s"),
                given.duration("patience", "90s"),
                Long.parseLong(given.text(
                        "seed", Long.toString(ThreadLocalRandom.current().nextLong(1, 1_000_000)))),
                List.of(given.text("jvm-options", "-Xmx1g").split(" +", -1)),
                given.orNull("tuned"),
                write == null ? null : Path.of(write));
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
