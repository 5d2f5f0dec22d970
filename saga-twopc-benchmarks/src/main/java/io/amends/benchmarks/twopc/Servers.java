package io.amends.benchmarks.twopc;

import io.amends.benchmarks.twopc.bank.Bank;
import io.amends.test.postgres.EmbeddedPostgresServer;
import io.amends.twopc.JdbcDecisionLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;

/** A PostgreSQL server (fsync on) for each bank and one for whoever coordinates. Safe for use by many threads. */
final class Servers implements AutoCloseable {

    static final String COORDINATOR = "coordinator";

    /**
     * No checkpoint comes into a measurement: the full pages that follow one would burden whoever is measured then.
     * Statements are counted only while tracking is switched on.
     */
    private static final Map<String, String> SETTINGS = Map.of(
            "checkpoint_timeout", "1h",
            "max_wal_size", "16GB",
            "max_prepared_transactions", "200",
            "shared_preload_libraries", "pg_stat_statements");

    private final Map<String, EmbeddedPostgresServer> servers = new LinkedHashMap<>();

    Servers() {
        try {
            for (String bank : Installation.BANKS) {
                start(bank);
                try (Connection connection = connect(bank)) {
                    Bank.create(connection);
                }
            }
            start(COORDINATOR);
            try (Connection connection = connect(COORDINATOR);
                    Statement statement = connection.createStatement()) {
                for (String script : JdbcDecisionLog.SCRIPTS) {
                    statement.execute(text(JdbcDecisionLog.SCRIPTS_FOLDER + "/" + script));
                }
            }
        } catch (SQLException trouble) {
            close();
            throw new IllegalStateException("The databases can't be made ready", trouble);
        }
    }

    private void start(String name) throws SQLException {
        EmbeddedPostgresServer server = EmbeddedPostgresServer.start(null, SETTINGS);
        servers.put(name, server);
        server.createDatabase(database(name));
        try (Connection connection = connect(name);
                Statement statement = connection.createStatement()) {
            statement.execute("create extension pg_stat_statements");
        }
        track(name, "none");
    }

    /**
     * Has all servers count statements, or not.
     *
     * @param which top or none
     */
    void track(String which) {
        names().forEach(name -> track(name, which));
    }

    private void track(String name, String which) {
        try (Connection connection = connect(name);
                Statement statement = connection.createStatement()) {
            statement.execute("alter system set pg_stat_statements.track = " + which);
            statement.execute("select pg_reload_conf()");
        } catch (SQLException trouble) {
            throw new IllegalStateException("Server %s can't count statements".formatted(name), trouble);
        }
    }

    private static String text(String resource) {
        try (InputStream script = JdbcDecisionLog.class.getClassLoader().getResourceAsStream(resource)) {
            if (script == null) {
                throw new IllegalStateException("There is no " + resource + " on the class path");
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException trouble) {
            throw new UncheckedIOException(resource + " can't be read", trouble);
        }
    }

    private static String database(String name) {
        return name.replace('-', '_');
    }

    private EmbeddedPostgresServer server(String name) {
        EmbeddedPostgresServer server = servers.get(name);
        if (server == null) {
            throw new IllegalArgumentException("There is no server " + name);
        }
        return server;
    }

    /** All servers' names. */
    Iterable<String> names() {
        return servers.keySet();
    }

    String url(String name) {
        return server(name).jdbcUrl(database(name));
    }

    String user() {
        return "postgres";
    }

    Connection connect(String name) throws SQLException {
        return DriverManager.getConnection(url(name), user(), user());
    }

    /** Stops a server at once, as a crash would; its back ends do not end their work. */
    void crash(String name) {
        server(name).crash();
    }

    /** The server is a daemon, no child of ours; but its back ends are its children. */
    private ProcessHandle postmaster(String name) {
        try (Connection connection = connect(name);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select pg_backend_pid()")) {
            row.next();
            return ProcessHandle.of(row.getLong(1))
                    .flatMap(ProcessHandle::parent)
                    .orElseThrow(() -> new IllegalStateException("PostgreSQL's processes can't be seen from here"));
        } catch (SQLException trouble) {
            throw new IllegalStateException("Server %s does not answer".formatted(name), trouble);
        }
    }

    /** CPU time of all servers until now, in nanoseconds. */
    long cpu() {
        long all = 0;
        for (String name : names()) {
            all += CpuTime.ofFamily(postmaster(name));
        }
        return all;
    }

    /** Starts a stopped server again, on the same port and data. */
    void restart(String name) {
        server(name).restart();
    }

    @Override
    public void close() {
        servers.values().forEach(EmbeddedPostgresServer::close);
    }
}
