package io.amends.sample.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/**
 * What the lab is to do.
 *
 * @param scenario the fault to play without the page; null: serve the page
 * @param help only tell how it is used
 * @param duration how long a scenario's load runs, not counting what it takes to make and undo the fault, which is there for
 *     half of it
 * @param rate transfers a second
 * @param share how many percent of them are made by two-phase commit
 * @param seed the transfers depend on it alone
 * @param port of the page
 * @param afterDecision when the coordinator dies: after its decision is durable, else before
 */
record LabOptions(
        @Nullable Fault scenario,
        boolean help,
        Duration duration,
        int rate,
        int share,
        long seed,
        int port,
        boolean afterDecision) {

    static final String HELP = """
            The failure lab: PostgreSQL, Kafka and the three roles as processes of their own, to be broken on purpose.

              --lab                             serves a page at http://127.0.0.1:8090
                --port=8090                       another port
              --lab --scenario=NAME             plays one fault without the page, prints a line a second and a verdict;
                                                exit code 0 if all transfers ended and no money was made or lost, else 1
                --duration=20s                    how long transfers are started; the fault is there for half of it
                --dies=before|after               coordinator-dies only: before the decision is durable, or after
              both:
                --rate=20                         transfers a second, 1 to 200
                --share=50                        how many percent of them by two-phase commit
                --seed=1                          the transfers depend on it alone

            Scenarios:
            """;

    private static final Set<String> KNOWN =
            new TreeSet<>(List.of("lab", "help", "scenario", "duration", "rate", "share", "seed", "port", "dies"));
    private static final Duration SHORTEST = Duration.ofSeconds(4);
    private static final Duration LONGEST = Duration.ofHours(1);

    /** The help, with the scenarios. */
    static String usage() {
        StringBuilder text = new StringBuilder(HELP);
        for (Fault fault : Fault.values()) {
            text.append("  %-20s%s%n".formatted(fault.id(), fault.how()));
        }
        return text.toString();
    }

    /**
     * From the command line.
     *
     * @param given options and their values, empty where there is none
     * @param seed taken if none is given
     * @throws IllegalArgumentException if some are wrong; the text tells all of them, and what is possible
     */
    static LabOptions of(Map<String, String> given, long seed) {
        List<String> problems = new ArrayList<>();
        Map<String, String> options = new TreeMap<>(given);
        options.keySet().stream()
                .filter(name -> !KNOWN.contains(name))
                .forEach(name -> problems.add(
                        "There is no option --%s; the lab knows --%s.".formatted(name, String.join(", --", KNOWN))));
        Fault scenario = null;
        String asked = options.get("scenario");
        if (asked != null) {
            Optional<Fault> found = Fault.named(asked);
            scenario = found.orElse(null);
            if (found.isEmpty()) {
                problems.add(
                        "There is no scenario %s; choose one of %s.".formatted(asked, String.join(", ", Fault.ids())));
            }
        }
        String dies = options.getOrDefault("dies", "before");
        if (!dies.equals("before") && !dies.equals("after")) {
            problems.add("--dies=%s: must be before or after.".formatted(dies));
        }
        Duration duration = parse(options, "duration", Duration.ofSeconds(20), DurationStyle::detectAndParse, problems);
        if (duration.compareTo(SHORTEST) < 0 || duration.compareTo(LONGEST) > 0) {
            problems.add("--duration=%s: must be from 4s to 1h.".formatted(options.get("duration")));
        }
        LabOptions made = new LabOptions(
                scenario,
                options.containsKey("help"),
                duration,
                within(options, "rate", 20, 1, 200, problems),
                within(options, "share", 50, 0, 100, problems),
                parse(options, "seed", seed, Long::valueOf, problems),
                within(options, "port", 8090, 0, 65535, problems),
                dies.equals("after"));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join(System.lineSeparator(), problems) + System.lineSeparator()
                    + "--lab --help tells more.");
        }
        return made;
    }

    private static int within(
            Map<String, String> options, String name, int usual, int least, int most, List<String> problems) {
        int value = parse(options, name, usual, Integer::valueOf, problems);
        if (value < least || value > most) {
            problems.add("--%s=%s: must be from %d to %d.".formatted(name, value, least, most));
        }
        return value;
    }

    private static <T> T parse(
            Map<String, String> options, String name, T usual, Function<String, T> parser, List<String> problems) {
        String text = options.get(name);
        if (text == null) {
            return usual;
        }
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException wrong) {
            problems.add("--%s=%s: is not understood; for example --%s=%s."
                    .formatted(name, text, name, usual instanceof Duration time ? time.toSeconds() + "s" : usual));
            return usual;
        }
    }
}
