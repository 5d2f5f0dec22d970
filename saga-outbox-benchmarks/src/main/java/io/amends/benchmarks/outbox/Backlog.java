package io.amends.benchmarks.outbox;

import io.amends.benchmarks.outbox.contender.Contender;
import io.amends.benchmarks.outbox.contender.Kind;
import io.amends.benchmarks.outbox.contender.Message;
import io.amends.benchmarks.outbox.contender.Place;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.springframework.core.env.SimpleCommandLinePropertySource;

/** A large backlog, drained by a relay in a small heap of its own, to see that what it holds in memory is bounded. */
final class Backlog {

    static final String RELAY_ROLE = "relay";

    private static final String HEAP = "-Xmx256m";
    private static final int BLOCK = 20_000;
    private static final int ROWS_IN_TRANSACTION = 200;
    private static final Duration STEP = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Options options;
    private final Servers servers;

    Backlog(Options options, Servers servers) {
        this.options = options;
        this.servers = servers;
    }

    /** In the child: publishes until the parent ends, and says then how much heap it needed. */
    static void relay(String... arguments) {
        SimpleCommandLinePropertySource given = new SimpleCommandLinePropertySource(arguments);
        Place place = new Place(
                text(given, "url"),
                text(given, "user"),
                text(given, "password"),
                text(given, "servers"),
                text(given, "topic"));
        try (Contender contender = Kind.valueOf(text(given, "kind")).open(place)) {
            contender.start();
            System.out.println(Child.SAYS + "started");
            Child.awaitParent();
            long peak = ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getType() == MemoryType.HEAP)
                    .map(MemoryPoolMXBean::getPeakUsage)
                    .mapToLong(MemoryUsage::getUsed)
                    .sum();
            System.out.println(Child.SAYS + peak);
        }
    }

    private static String text(SimpleCommandLinePropertySource given, String name) {
        String value = given.getProperty(name);
        if (value == null) {
            throw new IllegalArgumentException("--" + name + " is missing");
        }
        return value;
    }

    /**
     * Drains the backlog with each contender whose tables outlive its process, and returns a report.
     *
     * @throws IllegalStateException if a relay ends, or does not go on
     */
    String run() {
        StringBuilder report = new StringBuilder(Report.machine(options))
                .append("\nA backlog of %d rows, drained by a relay with %s.\n\n".formatted(options.backlog(), HEAP))
                .append("| contender | arrived | seconds | messages/s | highest heap MiB |\n")
                .append("| --- | ---: | ---: | ---: | ---: |\n");
        for (Kind kind : options.only()) {
            if (kind.canReopen()) {
                report.append(drain(kind));
            }
        }
        return report.toString();
    }

    private String drain(Kind kind) {
        Place place = servers.place();
        try (Watcher watcher = new Watcher(place, options.backlog())) {
            fill(kind, place);
            List<String> arguments = List.of(
                    "--role=" + RELAY_ROLE,
                    "--kind=" + kind,
                    "--url=" + place.jdbcUrl(),
                    "--user=" + place.user(),
                    "--password=" + place.password(),
                    "--servers=" + place.bootstrapServers(),
                    "--topic=" + place.topic());
            try (Child relay = Child.start(List.of(HEAP, "-XX:+ExitOnOutOfMemoryError"), arguments)) {
                relay.next();
                long begin = System.nanoTime();
                int arrived = awaitAll(kind, watcher, relay);
                double seconds = (watcher.lastArrival() - begin) / 1e9;
                relay.endInput();
                long heap = Long.parseLong(relay.next());
                return String.format(
                        Locale.ROOT,
                        "| %s | %d | %.1f | %.0f | %d |%n",
                        kind.text(),
                        arrived,
                        seconds,
                        arrived / seconds,
                        heap >> 20);
            }
        } finally {
            servers.remove(place);
        }
    }

    private void fill(Kind kind, Place place) {
        Messages messages = new Messages(options.seed());
        try (Contender contender = kind.open(place);
                Writers writers = new Writers(contender, options.writers())) {
            for (int from = 0; from < options.backlog(); from += BLOCK) {
                List<Message> block = new ArrayList<>();
                for (int i = from; i < Math.min(options.backlog(), from + BLOCK); i++) {
                    block.add(messages.next(i));
                }
                writers.fill(block, ROWS_IN_TRANSACTION);
            }
        }
        System.err.printf("%s: %d rows wait%n", kind.text(), options.backlog());
    }

    private int awaitAll(Kind kind, Watcher watcher, Child relay) {
        int before = 0;
        long noticed = System.nanoTime();
        while (true) {
            int arrived = watcher.await(STEP);
            if (arrived == options.backlog()) {
                return arrived;
            }
            if (arrived > before) {
                before = arrived;
                noticed = System.nanoTime();
            }
            if (!relay.handle().isAlive() || System.nanoTime() - noticed > PATIENCE.toNanos()) {
                throw new IllegalStateException("%s stopped after %d of %d in %s; its log is above"
                        .formatted(kind.text(), arrived, options.backlog(), HEAP));
            }
        }
    }
}
