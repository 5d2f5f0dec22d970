package io.amends.benchmarks.twopc;

import io.amends.benchmarks.twopc.bank.BankProcess;
import io.amends.benchmarks.twopc.contender.ContenderProcess;
import io.amends.benchmarks.twopc.contender.Kind;
import io.amends.benchmarks.twopc.process.Answering;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import org.springframework.core.env.SimpleCommandLinePropertySource;

/**
 * Measures sagas and two-phase commit with the same work and prints Markdown to standard output. Runs the broker, the banks
 * and each contender in a JVM of its own; {@code --role} is for those.
 */
public final class TwoPhaseBenchmark {

    static final String BROKER = "broker";

    private TwoPhaseBenchmark() {}

    /** See the class, and the module's README for options. */
    public static void main(String[] arguments) {
        String role = new SimpleCommandLinePropertySource(arguments).getProperty("role");
        if (role == null) {
            System.out.println(Comparison.run(Options.of(arguments)));
        } else if (role.equals(BROKER)) {
            try (EmbeddedKafkaBroker broker = EmbeddedKafkaBroker.start()) {
                Answering.serve(words -> broker.bootstrapServers());
            }
        } else if (Installation.BANKS.contains(role)) {
            Answering.serve(new BankProcess(role));
        } else {
            Answering.serve(new ContenderProcess(Kind.valueOf(role)));
        }
        // Threads of libraries must not keep the process.
        System.exit(0);
    }
}
