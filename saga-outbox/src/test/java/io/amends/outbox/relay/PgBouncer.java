package io.amends.outbox.relay;

import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A real PgBouncer before the server that tests share, which lends a connection for each transaction. */
final class PgBouncer implements AutoCloseable {

    /** Of the applications before it. */
    static final String NAME = "behind-the-pooler";

    private final int port;
    private final Process process;

    private PgBouncer(int port, Process process) {
        this.port = port;
        this.process = process;
    }

    /** Whether it is installed. */
    static boolean isThere() {
        return Stream.of((System.getenv("PATH") + File.pathSeparator + "/usr/sbin").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "pgbouncer")));
    }

    /** Starts one that has so many connections to each database, with its settings and its log in that folder. */
    static PgBouncer start(Path folder, int connections) {
        EmbeddedPostgresServer server = EmbeddedPostgresServer.shared();
        try {
            int port = freePort();
            String place = server.jdbcUrl("x").substring("jdbc:postgresql://".length());
            String host = place.substring(0, place.indexOf(':'));
            Path settings = Files.writeString(folder.resolve("pgbouncer.ini"), """
                    [databases]
                    * = host=%s port=%d user=%s password=%s
                    [pgbouncer]
                    listen_addr = 127.0.0.1
                    listen_port = %d
                    unix_socket_dir =
                    auth_type = any
                    pool_mode = transaction
                    default_pool_size = %d
                    max_client_conn = 200
                    ignore_startup_parameters = extra_float_digits
                    """.formatted(
                            host.equals("localhost") ? "127.0.0.1" : host,
                            server.port(),
                            server.username(),
                            server.password(),
                            port,
                            connections));
            List<String> command = new ArrayList<>(List.of("pgbouncer"));
            if (System.getProperty("user.name").equals("root")) {
                // It refuses to be root; its package comes with this user.
                command.addAll(List.of("-u", "postgres"));
            }
            command.add(settings.toString());
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("pgbouncer.log").toFile());
            builder.environment().merge("PATH", File.pathSeparator + "/usr/sbin", String::concat);
            PgBouncer made = new PgBouncer(port, builder.start());
            made.awaitOpen(folder.resolve("pgbouncer.log"));
            return made;
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitOpen(Path log) {
        await("PgBouncer listens").atMost(Duration.ofSeconds(20)).until(() -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("PgBouncer ended: " + Files.readString(log));
            }
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (IOException notYet) {
                return false;
            }
        });
    }

    /** A pool to that database through it, as an application has one. */
    HikariDataSource pool(String database, int size) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl("jdbc:postgresql://127.0.0.1:%d/%s?prepareThreshold=0&ApplicationName=%s"
                .formatted(port, database, NAME));
        pool.setUsername(EmbeddedPostgresServer.shared().username());
        pool.setPassword(EmbeddedPostgresServer.shared().password());
        pool.setMaximumPoolSize(size);
        pool.setMinimumIdle(size);
        return pool;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
