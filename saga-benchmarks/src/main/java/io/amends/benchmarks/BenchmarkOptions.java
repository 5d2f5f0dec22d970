package io.amends.benchmarks;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.env.SimpleCommandLinePropertySource;

/**
 * What is measured, and how long.
 *
 * @param rounds how often everything is measured
 * @param inFlight how many transfers are in flight, each number measured in each round
 * @param window how long is measured at a time
 * @param settle how long the same load runs before it is measured
 * @param warmUp how long every way runs at the highest load before the first round
 * @param ways what is measured
 * @param seed transfers and their order depend on it alone
 * @param topStatements how many statements are listed by the time that PostgreSQL spent on them; 0 for no list, since
 *     PostgreSQL's own measuring costs some time too
 * @param jvmOptions further options of the roles' JVMs, separated by spaces, {@code {role}} standing for the role's name
 */
record BenchmarkOptions(
        int rounds,
        List<Integer> inFlight,
        Duration window,
        Duration settle,
        Duration warmUp,
        List<Way> ways,
        long seed,
        int topStatements,
        List<String> jvmOptions) {

    /**
     * From the command line.
     *
     * @throws IllegalArgumentException if a value can't be read
     */
    static BenchmarkOptions of(SimpleCommandLinePropertySource options) {
        return new BenchmarkOptions(
                Integer.parseInt(text(options, "rounds", "5")),
                words(text(options, "in-flight", "1,32,256")).stream()
                        .map(Integer::valueOf)
                        .toList(),
                DurationStyle.detectAndParse(text(options, "window", "5s")),
                DurationStyle.detectAndParse(text(options, "settle", "2s")),
                DurationStyle.detectAndParse(text(options, "warm-up", "30s")),
                words(text(options, "ways", "SAGA,SAGA_ONE_BY_ONE,SAGA_NO_BATCHES,PLAIN")).stream()
                        .map(Way::valueOf)
                        .toList(),
                Long.parseLong(text(
                        options,
                        "seed",
                        Long.toString(ThreadLocalRandom.current().nextLong(1, 1_000_000)))),
                Integer.parseInt(text(options, "top-statements", "0")),
                List.of(text(options, "jvm-options", "-Xmx1g").split(" +", -1)));
    }

    private static List<String> words(String text) {
        return Arrays.asList(text.split("[, ]+", -1));
    }

    private static String text(SimpleCommandLinePropertySource options, String name, String otherwise) {
        String value = options.getProperty(name);
        return value == null || value.isBlank() ? otherwise : value;
    }
}
