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
        Options options = Options.of(arguments);
        try (Servers servers = new Servers(options)) {
            System.out.println(Report.of(options, new Rounds(options, servers).run()));
        }
        // Threads of libraries must not keep the process.
        System.exit(0);
    }
}
