package io.amends.benchmarks.outbox;

import org.springframework.core.env.SimpleCommandLinePropertySource;

/**
 * Measures the outbox and its relay beside others and prints Markdown to standard output. Runs the broker in a JVM of
 * its own; {@code --role} is for such.
 */
public final class OutboxBenchmark {

    private OutboxBenchmark() {}

    /** See the class, and the module's README for options. */
    public static void main(String[] arguments) {
        String role = new SimpleCommandLinePropertySource(arguments).getProperty("role");
        if (Servers.BROKER_ROLE.equals(role)) {
            Servers.serveBroker();
            System.exit(0);
        }
        if (Backlog.RELAY_ROLE.equals(role)) {
            Backlog.relay(arguments);
            System.exit(0);
        }
        Options options = Options.of(arguments);
        try (Servers servers = new Servers(options)) {
            System.out.println(report(options, servers));
        }
        // Threads of libraries must not keep the process.
        System.exit(0);
    }

    /** Runs what the options ask for. */
    static String report(Options options, Servers servers) {
        if (options.backlog() > 0) {
            return new Backlog(options, servers).run();
        }
        if (!options.bloat().isZero()) {
            return BloatReport.of(options, new Bloat(options, servers).run());
        }
        return Report.of(options, new Rounds(options, servers).run());
    }
}
