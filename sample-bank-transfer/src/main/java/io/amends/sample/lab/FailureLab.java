package io.amends.sample.lab;

import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.core.env.SimpleCommandLinePropertySource;

/** The failure lab from the command line: a page, or one scenario without it. Nothing of it runs without {@code --lab}. */
public final class FailureLab {

    private final PrintStream out;

    /** Prints to that stream. */
    public FailureLab(PrintStream out) {
        this.out = out;
    }

    /**
     * Runs it: a scenario until it has played, the page until the process is ended.
     *
     * @param options the command line
     * @return the exit code: 0 if all was well, 1 if not or the options were wrong
     */
    public int run(SimpleCommandLinePropertySource options) {
        Map<String, String> given = new LinkedHashMap<>();
        for (String name : options.getPropertyNames()) {
            String value = options.getProperty(name);
            given.put(name, value == null ? "" : value);
        }
        LabOptions wanted;
        try {
            wanted = LabOptions.of(given, ThreadLocalRandom.current().nextLong(1, 1_000_000));
        } catch (IllegalArgumentException wrong) {
            out.println(wrong.getMessage());
            return 1;
        }
        if (wanted.help()) {
            out.print(LabOptions.usage());
            return 0;
        }
        return run(wanted);
    }

    private int run(LabOptions options) {
        out.println("Starting PostgreSQL, Kafka and the three roles; this takes some ten seconds ...");
        try (Lab lab = Lab.start(options.seed())) {
            if (options.scenario() != null) {
                int code = new Scenario(lab, options, out).play();
                if (code == 0) {
                    lab.stage().forgetLogs();
                }
                return code;
            }
            serve(lab, options);
            return 0;
        } catch (IOException | IllegalStateException trouble) {
            out.println("The lab could not go on: " + trouble.getMessage());
            return 1;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            out.println("The lab was interrupted.");
            return 1;
        }
    }

    private void serve(Lab lab, LabOptions options) throws IOException, InterruptedException {
        try (LabServer server = new LabServer(lab, options.port())) {
            lab.load().set(new Load.Pace(options.rate(), options.share()));
            out.printf(
                    "The failure lab is at %s (seed %d; logs of the processes in %s). Ctrl-C ends it.%n",
                    server.uri(), options.seed(), lab.stage().folder());
            CountDownLatch end = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(end::countDown, "failure-lab-ctrl-c"));
            end.await();
        }
    }
}
