package io.amends.test.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL 18 with durability as in production (fsync on), on a free port of localhost. It can be stopped and
 * started again on the same port and data, to test a database that goes away. Safe for use by many threads.
 */
public final class EmbeddedPostgresServer implements AutoCloseable {

    private static final Map<String, String> DURABLE = Map.of(
            "fsync", "on",
            "synchronous_commit", "on",
            "full_page_writes", "on",
            "max_connections", "300",
            "max_prepared_transactions", "64");
    private static final AtomicInteger NEXT = new AtomicInteger();

    private final Path dataDirectory;
    private @Nullable EmbeddedPostgres server;
    private int port;

    private EmbeddedPostgresServer(Path dataDirectory) {
        this.dataDirectory = dataDirectory;
    }

    private static final class Shared {
        static final EmbeddedPostgresServer SERVER = start();
    }

    /** The one server of this JVM, started at the first call and stopped when the JVM ends. */
    public static EmbeddedPostgresServer shared() {
        return Shared.SERVER;
    }

    /**
     * Starts a server with an empty temporary data directory.
     *
     * @throws UncheckedIOException if it can't be started
     */
    public static EmbeddedPostgresServer start() {
        try {
            EmbeddedPostgresServer made = new EmbeddedPostgresServer(Files.createTempDirectory("amends-postgres"));
            made.open();
            Runtime.getRuntime().addShutdownHook(new Thread(made::close, "amends-postgres-stop"));
            return made;
        } catch (IOException trouble) {
            throw new UncheckedIOException("The embedded PostgreSQL can't be started", trouble);
        }
    }

    private void open() throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(dataDirectory.resolve("data"))
                .setOverrideWorkingDirectory(dataDirectory.toFile())
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPGStartupWait(Duration.ofSeconds(60))
                .setOutputRedirector(ProcessBuilder.Redirect.appendTo(
                        dataDirectory.resolve("postgres.log").toFile()))
                .setErrorRedirector(ProcessBuilder.Redirect.appendTo(
                        dataDirectory.resolve("postgres.log").toFile()));
        if (port != 0) {
            builder.setPort(port);
        }
        DURABLE.forEach(builder::setServerConfig);
        EmbeddedPostgres started = builder.start();
        port = started.getPort();
        server = started;
    }

    /** The port, the same after a restart. */
    public synchronized int port() {
        return port;
    }

    /** The superuser. */
    public String username() {
        return "postgres";
    }

    /** Its password. */
    public String password() {
        return "postgres";
    }

    /** The JDBC address of that database. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://localhost:%d/%s".formatted(port(), database);
    }

    /**
     * Creates a database, unless it is there.
     *
     * @param name lower case letters, digits and underscores
     */
    public void createDatabase(String name) {
        if (!name.matches("[a-z][a-z0-9_]{0,62}")) {
            throw new IllegalArgumentException("Not a database name for tests: " + name);
        }
        try (Connection connection = DriverManager.getConnection(jdbcUrl("postgres"), username(), password());
                Statement statement = connection.createStatement()) {
            try (ResultSet found = statement.executeQuery("select 1 from pg_database where datname = '" + name + "'")) {
                if (found.next()) {
                    return;
                }
            }
            statement.execute("create database " + name);
        } catch (SQLException trouble) {
            throw new IllegalStateException("The database " + name + " can't be created", trouble);
        }
    }

    /** The JDBC address of a new, empty database that nobody else has. */
    public String freshDatabase() {
        String name = "test_%d_%d".formatted(ProcessHandle.current().pid(), NEXT.incrementAndGet());
        createDatabase(name);
        return jdbcUrl(name);
    }

    /** Stops the server; its data stays for {@link #restart}. */
    public synchronized void stop() {
        if (server != null) {
            try {
                server.close();
            } catch (IOException trouble) {
                throw new UncheckedIOException("The embedded PostgreSQL can't be stopped", trouble);
            }
            server = null;
        }
    }

    /** Starts the server again, on the same port and data. */
    public synchronized void restart() {
        stop();
        try {
            open();
        } catch (IOException trouble) {
            throw new UncheckedIOException("The embedded PostgreSQL can't be started again", trouble);
        }
    }

    /** Stops the server and deletes its data. */
    @Override
    public synchronized void close() {
        stop();
        if (!Files.exists(dataDirectory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(dataDirectory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(java.io.File::delete);
        } catch (IOException trouble) {
            throw new UncheckedIOException("The embedded PostgreSQL's data can't be deleted", trouble);
        }
    }
}
