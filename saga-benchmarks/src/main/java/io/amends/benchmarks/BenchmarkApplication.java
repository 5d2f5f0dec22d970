package io.amends.benchmarks;

import io.amends.benchmarks.bank.BankProcess;
import io.amends.benchmarks.process.Answering;
import io.amends.benchmarks.transfer.TransferProcess;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import java.util.Arrays;
import java.util.List;
import org.springframework.core.env.SimpleCommandLinePropertySource;

/**
 * Measures two-step transfers with and without sagas and prints Markdown to standard output. Runs the broker and each
 * role in a JVM of its own; {@code --role} is for those.
 */
public final class BenchmarkApplication {

    private BenchmarkApplication() {}

    /** See the class, and the module's README for options. */
    public static void main(String[] arguments) {
        SimpleCommandLinePropertySource options = new SimpleCommandLinePropertySource(arguments);
        String role = options.getProperty("role");
        if (role == null) {
            BenchmarkOptions asked = BenchmarkOptions.of(options);
            try (Installation installation = Installation.start(asked)) {
                System.out.println(Report.of(asked, new Benchmark(asked, installation).run()));
            }
            return;
        }
        List<String> properties = Arrays.stream(arguments)
                .filter(argument -> !argument.startsWith("--"))
                .toList();
        switch (role) {
            case "broker" -> {
                try (EmbeddedKafkaBroker broker = EmbeddedKafkaBroker.start()) {
                    Answering.serve(words -> broker.bootstrapServers());
                }
            }
            case "transfer" -> Answering.serve(new TransferProcess(properties));
            default -> Answering.serve(new BankProcess(role, properties));
        }
        // The parent has gone or wants no more; threads of an application that is open must not keep the process.
        System.exit(0);
    }
}
