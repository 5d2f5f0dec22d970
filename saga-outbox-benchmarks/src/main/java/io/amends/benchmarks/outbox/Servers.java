package io.amends.benchmarks.outbox;

import io.amends.benchmarks.outbox.contender.Place;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL (fsync on) and a Kafka broker in a process of its own, or servers that are there. Each measurement gets a
 * database and a topic of its own, so that none meets what another left. Used by one thread.
 */
final class Servers implements AutoCloseable {

    static final String BROKER_ROLE = "broker";
    static final int PARTITIONS = 12;

    /**
     * No checkpoint comes into a measurement: the full pages that follow one would burden whoever is measured then. A
     * reader of the log needs the logical level, and everyone has the same server.
     */
    private static final Map<String, String> SETTINGS =
            Map.of("checkpoint_timeout", "1h", "max_wal_size", "16GB", "wal_level", "logical");

    private final @Nullable EmbeddedPostgresServer postgres;
    private final @Nullable Child broker;
    private final String adminUrl;
    private final String user;
    private final String password;
    private final String bootstrapServers;
    private final Connection monitor;
    private final Optional<ProcessHandle> postmaster;
    private final Admin kafka;
    private int places;

    Servers(Options options) {
        user = options.user();
        password = options.password();
        postgres = options.postgres() == null ? EmbeddedPostgresServer.start(null, SETTINGS) : null;
        adminUrl = postgres == null ? String.valueOf(options.postgres()) : postgres.jdbcUrl("postgres");
        broker = options.kafka() == null ? Child.start(List.of("-Xmx1g"), List.of("--role=" + BROKER_ROLE)) : null;
        bootstrapServers = broker == null ? String.valueOf(options.kafka()) : broker.next();
        kafka = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        try {
            monitor = DriverManager.getConnection(adminUrl, user, password);
            postmaster = postgres == null ? Optional.empty() : postmaster(monitor);
        } catch (SQLException trouble) {
            throw new IllegalStateException("PostgreSQL does not answer at " + adminUrl, trouble);
        }
    }

    /** In the broker's process: serves until the parent ends. */
    static void serveBroker() {
        try (EmbeddedKafkaBroker served = EmbeddedKafkaBroker.start()) {
            System.out.println(Child.SAYS + served.bootstrapServers());
            Child.awaitParent();
        }
    }

    /** The server is a daemon, no child of ours; but its back ends are its children. */
    private static Optional<ProcessHandle> postmaster(Connection monitor) throws SQLException {
        try (Statement statement = monitor.createStatement();
                ResultSet row = statement.executeQuery("select pg_backend_pid()")) {
            row.next();
            return ProcessHandle.of(row.getLong(1)).flatMap(ProcessHandle::parent);
        }
    }

    /** A new place with an empty database and an empty topic. */
    Place place() {
        String name = "bench_%d_%d".formatted(ProcessHandle.current().pid(), ++places);
        execute("create database " + name);
        try {
            kafka.createTopics(List.of(new NewTopic(name, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        } catch (ExecutionException trouble) {
            throw new IllegalStateException("The topic %s can't be made".formatted(name), trouble);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the topic %s was made".formatted(name), interrupted);
        }
        return new Place(
                adminUrl.substring(0, adminUrl.lastIndexOf('/') + 1) + name, user, password, bootstrapServers, name);
    }

    /** Gives back what that place has on the disk. */
    void remove(Place place) {
        execute("drop database %s with (force)".formatted(place.topic()));
        kafka.deleteTopics(List.of(place.topic()));
    }

    private void execute(String statement) {
        try (Statement made = monitor.createStatement()) {
            made.execute(statement);
        } catch (SQLException trouble) {
            throw new IllegalStateException("PostgreSQL refuses: " + statement, trouble);
        }
    }

    /** What has been used until now; of servers that were there before, nothing is known. */
    Cpu cpu() {
        return new Cpu(
                CpuTime.of(ProcessHandle.current()),
                broker == null ? 0 : CpuTime.of(broker.handle()),
                postmaster.map(CpuTime::ofFamily).orElse(0L));
    }

    @Override
    public void close() {
        kafka.close(Duration.ofSeconds(5));
        try {
            monitor.close();
        } catch (SQLException alreadyGone) {
            System.err.println("The connection to PostgreSQL was gone: " + alreadyGone.getMessage());
        }
        if (broker != null) {
            broker.close();
        }
        if (postgres != null) {
            postgres.close();
        }
    }
}
