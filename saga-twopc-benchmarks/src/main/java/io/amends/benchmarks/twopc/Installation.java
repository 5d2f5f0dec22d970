package io.amends.benchmarks.twopc;

import io.amends.benchmarks.twopc.contender.Kind;
import io.amends.benchmarks.twopc.process.ChildProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.util.FileSystemUtils;

/**
 * The servers and the processes of the contenders. A process stays when its contender is closed, so that it stays warm; but
 * only one is open at a time. Used by one thread.
 */
final class Installation implements AutoCloseable {

    static final List<String> BANKS = List.of("bank-a", "bank-b");

    private static final Duration PATIENCE = Duration.ofSeconds(150);

    private final Options options;
    private final Servers servers = new Servers();
    private final Audit audit = new Audit(servers);
    private final Path directory;
    private final Map<String, ChildProcess> sagas = new LinkedHashMap<>();
    private final Map<Kind, ChildProcess> contenders = new EnumMap<>(Kind.class);

    Installation(Options options) {
        this.options = options;
        try {
            directory = Files.createTempDirectory("amends-narayana");
        } catch (IOException trouble) {
            throw new UncheckedIOException("There is no place for Narayana's files", trouble);
        }
        try {
            if (options.only().contains(Kind.SAGA)) {
                for (String role : List.of(TwoPhaseBenchmark.BROKER, BANKS.get(0), BANKS.get(1))) {
                    sagas.put(role, child(role));
                }
            }
            options.only().forEach(kind -> contenders.put(kind, child(kind.name())));
        } catch (RuntimeException trouble) {
            close();
            throw trouble;
        }
    }

    private ChildProcess child(String role) {
        return ChildProcess.start(role, TwoPhaseBenchmark.class, options.jvmOptions(), List.of("--role=" + role));
    }

    Servers servers() {
        return servers;
    }

    Audit audit() {
        return audit;
    }

    /** Where the sagas' records are. */
    String broker() {
        return saga(TwoPhaseBenchmark.BROKER).ask("address", PATIENCE);
    }

    private ChildProcess saga(String role) {
        ChildProcess child = sagas.get(role);
        if (child == null) {
            throw new IllegalStateException("Sagas do not take part");
        }
        return child;
    }

    /** Makes that contender ready. */
    void open(Kind kind) {
        if (kind == Kind.SAGA) {
            for (String bank : BANKS) {
                saga(bank).ask("open " + properties(bank, 8), PATIENCE);
            }
        }
        openCoordinator(kind);
    }

    /** Only its coordinator, or orchestrator. */
    void openCoordinator(Kind kind) {
        if (kind == Kind.SAGA) {
            ask(kind, "open " + properties(Servers.COORDINATOR, 20));
            return;
        }
        String settings =
                kind == Kind.NARAYANA_TUNED && options.settings() != null ? options.settings() : kind.settings();
        ask(
                kind,
                "open bank-a=%s bank-b=%s coordinator=%s user=%s narayana.directory=%s %s"
                        .formatted(
                                servers.url(BANKS.get(0)),
                                servers.url(BANKS.get(1)),
                                servers.url(Servers.COORDINATOR),
                                servers.user(),
                                directory.resolve(kind.name()),
                                settings));
    }

    private String properties(String server, int connections) {
        return "spring.datasource.url=%s spring.datasource.username=%s spring.datasource.password=%s spring.datasource.hikari.maximum-pool-size=%d spring.datasource.hikari.connection-timeout=3000 spring.kafka.bootstrap-servers=%s"
                .formatted(servers.url(server), servers.user(), servers.user(), connections, broker());
    }

    /** Gives back what was opened. */
    void close(Kind kind) {
        ask(kind, "close");
        if (kind == Kind.SAGA) {
            for (String bank : BANKS) {
                saga(bank).ask("close", PATIENCE);
            }
        }
    }

    /** CPU time of everyone until now, in nanoseconds; but for those that have been killed. */
    long cpu() {
        long all = servers.cpu();
        for (ChildProcess child : contenders.values()) {
            all += CpuTime.of(child.handle());
        }
        for (ChildProcess child : sagas.values()) {
            all += CpuTime.of(child.handle());
        }
        return all;
    }

    /** Asks the contender's process. */
    String ask(Kind kind, String question) {
        return contender(kind).ask(question, PATIENCE);
    }

    /** The process of that contender. */
    ChildProcess contender(Kind kind) {
        ChildProcess child = contenders.get(kind);
        if (child == null) {
            throw new IllegalStateException(kind + " does not take part");
        }
        return child;
    }

    /** Starts the contender's process again, which has been killed; it opens nothing yet. */
    ChildProcess revive(Kind kind) {
        contender(kind).close();
        ChildProcess child = child(kind.name());
        contenders.put(kind, child);
        return child;
    }

    /** Ends everything. */
    @Override
    public void close() {
        List<ChildProcess> children = new ArrayList<>(contenders.values());
        children.addAll(sagas.values());
        children.forEach(ChildProcess::close);
        servers.close();
        try {
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException trouble) {
            throw new UncheckedIOException("Narayana's files can't be deleted", trouble);
        }
    }
}
