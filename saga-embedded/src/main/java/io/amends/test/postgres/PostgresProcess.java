package io.amends.test.postgres;

import io.amends.test.directory.ServerDirectory;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A server that is a process of this machine, unpacked from the class path. */
final class PostgresProcess implements PostgresHome {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
    private static final String LOG = "postgres.log";

    private final ServerDirectory directory;
    private final Map<String, String> settings;
    private @Nullable EmbeddedPostgres server;
    private int port;

    PostgresProcess(ServerDirectory directory, Map<String, String> settings) {
        this.directory = directory;
        this.settings = settings;
    }

    @Override
    public void open() {
        Path path = directory.path();
        ProcessBuilder.Redirect log =
                ProcessBuilder.Redirect.appendTo(path.resolve(LOG).toFile());
        try {
            EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                    .setDataDirectory(path.resolve("data"))
                    .setOverrideWorkingDirectory(PostgresBinaries.directory(path))
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(false)
                    .setPGStartupWait(START_LIMIT)
                    .setOutputRedirector(log)
                    .setErrorRedirector(log);
            if (port != 0) {
                builder.setPort(port);
            }
            settings.forEach(builder::setServerConfig);
            EmbeddedPostgres started = builder.start();
            port = started.getPort();
            server = started;
        } catch (IOException | RuntimeException trouble) {
            throw new IllegalStateException(
                    "The embedded PostgreSQL can't be started in %s. Its log ends:%n%s"
                            .formatted(path, directory.lastLines(LOG)),
                    trouble);
        }
    }

    @Override
    public void stop() {
        EmbeddedPostgres running = server;
        if (running == null) {
            return;
        }
        server = null;
        try {
            running.close();
        } catch (IOException trouble) {
            throw new UncheckedIOException("The embedded PostgreSQL can't be stopped", trouble);
        }
        awaitEnd();
    }

    /** The library gives up after five seconds, and only logs it; a restart would meet the old server. */
    private void awaitEnd() {
        Path marker = marker();
        long limit = System.nanoTime() + STOP_LIMIT.toNanos();
        while (Files.exists(marker)) {
            if (System.nanoTime() - limit > 0) {
                throw new IllegalStateException("The embedded PostgreSQL on port %d has not stopped after %d s; see %s"
                        .formatted(
                                port, STOP_LIMIT.toSeconds(), directory.path().resolve(LOG)));
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    @Override
    public void crash() {
        if (server != null && isQuitting()) {
            awaitEnd();
        }
        // The library has a lock on the directory, and logs that there was nothing to stop.
        stop();
    }

    /**
     * A server that shuts down writes to disk what it has, which for hundreds of databases takes a minute. Where nobody is to
     * read it again, it leaves at once.
     */
    @Override
    public void end() {
        if (server != null && directory.isTemporary() && isQuitting()) {
            server = null;
            awaitEnd();
        }
        stop();
        directory.clear();
    }

    /** Whether it could be told: what {@code pg_ctl stop -m immediate} sends is a signal that Java has no call for. */
    private boolean isQuitting() {
        try {
            String pid = Files.readAllLines(marker()).get(0).strip();
            Process kill = new ProcessBuilder("kill", "-QUIT", pid)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return kill.waitFor() == 0;
        } catch (IOException | IndexOutOfBoundsException notHere) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Path marker() {
        return directory.path().resolve("data").resolve("postmaster.pid");
    }

    @Override
    public String host() {
        return "localhost";
    }

    @Override
    public int port() {
        return port;
    }
}
