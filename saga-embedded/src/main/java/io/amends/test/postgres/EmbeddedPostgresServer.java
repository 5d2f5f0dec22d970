package io.amends.test.postgres;

import io.amends.test.container.ServerChoice;
import io.amends.test.directory.ServerDirectory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL 18 with durability as in production (fsync on), on a free port of localhost. It can be stopped and
 * started again on the same port and data, to test a database that goes away. It listens without a password and is
 * meant for tests and demos only. Safe for use by many threads.
 *
 * <p>A JVM that ends by itself or by SIGTERM stops its server; after a SIGKILL the server lives on.
 */
public final class EmbeddedPostgresServer implements AutoCloseable {

    static final String PASSWORD = "postgres";

    /** The library that unpacks the server switches durability off, which would make every test of a crash worthless. */
    private static final Map<String, String> DURABLE = Map.of(
            "fsync", "on",
            "synchronous_commit", "on",
            "full_page_writes", "on",
            "max_connections", "300",
            "max_prepared_transactions", "64");

    /**
     * Where data is thrown away at the end, there is nothing to keep a recovery short for. Tests make hundreds of databases, of
     * which a checkpoint forces a hundred thousand files to disk while everybody else waits for it.
     */
    private static final Map<String, String> WITHOUT_CHECKPOINTS =
            Map.of("checkpoint_timeout", "1h", "max_wal_size", "8GB");

    private static final AtomicInteger NEXT = new AtomicInteger();

    private final PostgresHome home;
    private final Thread stopper = new Thread(this::close, "amends-postgres-stop");

    private EmbeddedPostgresServer(PostgresHome home) {
        this.home = home;
    }

    private static final class Shared {
        static final EmbeddedPostgresServer SERVER = ServerChoice.ofThisJvm()
                .start(
                        PostgresContainer.IMAGE,
                        () -> started(new PostgresContainer(DURABLE)),
                        EmbeddedPostgresServer::start);
    }

    /**
     * The one server of this JVM, started at the first call and stopped when the JVM ends. Never stop it in a test. It is a
     * container where {@link ServerChoice} says so.
     */
    public static EmbeddedPostgresServer shared() {
        return Shared.SERVER;
    }

    /**
     * Starts a server with an empty temporary data directory.
     *
     * @throws IllegalStateException if it can't be started; the message holds the end of its log
     */
    public static EmbeddedPostgresServer start() {
        return start(null, Map.of());
    }

    /**
     * Starts a server.
     *
     * @param dataDirectory where data and log live; kept at {@link #close} and found again by a later start. Null: a
     *     temporary directory that {@link #close} deletes
     * @param extraConfig names and values of PostgreSQL settings, which win over the usual ones
     * @throws IllegalStateException if it can't be started; the message holds the end of its log
     */
    public static EmbeddedPostgresServer start(@Nullable Path dataDirectory, Map<String, String> extraConfig) {
        Map<String, String> settings = new HashMap<>(DURABLE);
        if (dataDirectory == null) {
            settings.putAll(WITHOUT_CHECKPOINTS);
        }
        settings.putAll(extraConfig);
        ServerDirectory directory = dataDirectory == null
                ? ServerDirectory.temporary("amends-postgres")
                : ServerDirectory.kept(dataDirectory);
        return started(new PostgresProcess(directory, settings));
    }

    private static EmbeddedPostgresServer started(PostgresHome home) {
        EmbeddedPostgresServer made = new EmbeddedPostgresServer(home);
        try {
            home.open();
        } catch (RuntimeException trouble) {
            made.close();
            throw trouble;
        }
        Runtime.getRuntime().addShutdownHook(made.stopper);
        return made;
    }

    /** The port, the same after a restart. */
    public synchronized int port() {
        return home.port();
    }

    /** The superuser. */
    public String username() {
        return "postgres";
    }

    /** A password for clients that need one; the server does not ask for it. */
    public String password() {
        return PASSWORD;
    }

    /** The JDBC address of that database, whether it exists or not. */
    public synchronized String jdbcUrl(String database) {
        return "jdbc:postgresql://%s:%d/%s".formatted(home.host(), home.port(), database);
    }

    /**
     * Creates a database, unless it is there.
     *
     * @param name lower case letters, digits and underscores
     * @throws IllegalArgumentException if the name has other characters
     * @throws IllegalStateException if the database can't be created
     */
    public void createDatabase(String name) {
        checkName(name);
        try (Connection connection = DriverManager.getConnection(jdbcUrl("postgres"), username(), password());
                Statement statement = connection.createStatement()) {
            try (ResultSet found = statement.executeQuery("select 1 from pg_database where datname = '" + name + "'")) {
                if (found.next()) {
                    return;
                }
            }
            statement.execute("create database " + name);
        } catch (SQLException trouble) {
            throw new IllegalStateException("The database %s can't be created".formatted(name), trouble);
        }
    }

    /** The JDBC address of a new, empty database that nobody else has. */
    public String freshDatabase() {
        String name = newName();
        createDatabase(name);
        return jdbcUrl(name);
    }

    /**
     * The JDBC address of a new database with all that another one has, which takes no longer than an empty one: tables may be
     * made once for many tests.
     *
     * @param url the other one's JDBC address, as this server gave it; nobody may be connected to it
     * @throws IllegalStateException if it can't be copied
     */
    public String copyOf(String url) {
        String original = url.substring(url.lastIndexOf('/') + 1);
        checkName(original);
        String name = newName();
        execute("create database %s template %s".formatted(name, original));
        return jdbcUrl(name);
    }

    private static void checkName(String name) {
        if (!name.matches("[a-z][a-z0-9_]{0,62}")) {
            throw new IllegalArgumentException(
                    "%s is not a database name here; use lower case letters, digits and underscores".formatted(name));
        }
    }

    private static String newName() {
        return "test_%d_%d".formatted(ProcessHandle.current().pid(), NEXT.incrementAndGet());
    }

    private void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl("postgres"), username(), password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException trouble) {
            throw new IllegalStateException(sql, trouble);
        }
    }

    /**
     * Stops the server; its open connections break. Its data stays for {@link #restart}.
     *
     * @throws IllegalStateException if it has not stopped after a minute
     */
    public synchronized void stop() {
        home.stop();
    }

    /**
     * Stops the server as a crash would: nobody's work is ended and nothing more is written to disk, so that it recovers from
     * its log at the next {@link #restart}. Where there is no program {@code kill} it is a {@link #stop}.
     *
     * @throws IllegalStateException if it has not stopped after a minute, or is a container
     */
    public synchronized void crash() {
        home.crash();
    }

    /** Starts the server again, on the same port, data and settings. It may be running or stopped before. */
    public synchronized void restart() {
        home.stop();
        home.open();
    }

    /**
     * From now on only {@link #close} stops it. Otherwise it also stops as soon as the JVM begins to end, while other
     * shutdown hooks, such as an application's that still writes, run at the same time.
     */
    public synchronized void stopOnlyWhenClosed() {
        Runtime.getRuntime().removeShutdownHook(stopper);
    }

    /** Stops the server and deletes its data, unless the caller named the directory. A second call does nothing. */
    @Override
    public synchronized void close() {
        home.end();
        if (Thread.currentThread() != stopper) {
            try {
                Runtime.getRuntime().removeShutdownHook(stopper);
            } catch (IllegalStateException ending) {
                // The JVM is ending, so the hook runs anyway and finds nothing to do.
                return;
            }
        }
    }
}
