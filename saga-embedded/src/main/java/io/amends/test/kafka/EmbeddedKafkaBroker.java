package io.amends.test.kafka;

import io.amends.test.directory.ServerDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka broker and controller (KRaft) in this JVM, on free ports of localhost. Topics are not created by
 * themselves. It can be stopped and started again on the same ports and data. Safe for use by many threads.
 *
 * <p>The broker logs much of what it does. Keep {@code kafka}, {@code state.change.logger} and {@code org.apache.kafka} at
 * level ERROR in your logging configuration, unless you look for its faults.
 */
public final class EmbeddedKafkaBroker implements AutoCloseable {

    private final ServerDirectory directory;
    private final int port;
    private final int controllerPort;
    private final Map<String, String> extraSettings;
    private final Thread stopper = new Thread(this::close, "amends-kafka-stop");
    private @Nullable KafkaRaftServer server;

    private EmbeddedKafkaBroker(
            ServerDirectory directory, int port, int controllerPort, Map<String, String> extraSettings) {
        this.directory = directory;
        this.extraSettings = Map.copyOf(extraSettings);
        this.port = port;
        this.controllerPort = controllerPort;
    }

    private static final class Shared {
        static final EmbeddedKafkaBroker BROKER = start();
    }

    /** The one broker of this JVM, started at the first call and stopped when the JVM ends. Never stop it in a test. */
    public static EmbeddedKafkaBroker shared() {
        return Shared.BROKER;
    }

    /**
     * Starts a broker with empty logs.
     *
     * @throws IllegalStateException if it can't be started
     */
    public static EmbeddedKafkaBroker start() {
        return start(Map.of());
    }

    /**
     * Starts a broker with empty logs and settings of the caller's, such as an authoriser.
     *
     * @param extraSettings as in {@code server.properties}; they win
     * @throws IllegalStateException if it can't be started
     */
    public static EmbeddedKafkaBroker start(Map<String, String> extraSettings) {
        int[] ports = freePorts(2);
        EmbeddedKafkaBroker made =
                new EmbeddedKafkaBroker(ServerDirectory.temporary("amends-kafka"), ports[0], ports[1], extraSettings);
        try {
            made.format();
            made.open();
        } catch (RuntimeException trouble) {
            made.close();
            throw trouble;
        }
        Runtime.getRuntime().addShutdownHook(made.stopper);
        return made;
    }

    /** All are held until the last is found, so that they differ. */
    private static int[] freePorts(int count) {
        int[] ports = new int[count];
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                held.add(socket);
                ports[i] = socket.getLocalPort();
            }
            for (ServerSocket socket : held) {
                socket.close();
            }
        } catch (IOException trouble) {
            throw new UncheckedIOException("There is no free port for the embedded Kafka", trouble);
        }
        return ports;
    }

    private void format() {
        try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(nowhere)
                    .setNodeId(1)
                    .setClusterId(Uuid.randomUuid().toString())
                    .addDirectory(directory.path().toString())
                    .setMetadataLogDirectory(directory.path().toString())
                    .setControllerListenerName("CONTROLLER")
                    .run();
        } catch (Exception trouble) {
            throw new IllegalStateException(
                    "The embedded Kafka can't prepare its directory " + directory.path(), trouble);
        }
    }

    private synchronized void open() {
        Properties settings = new Properties();
        settings.putAll(Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", "1"),
                Map.entry("controller.quorum.voters", "1@localhost:" + controllerPort),
                Map.entry(
                        "listeners",
                        "PLAINTEXT://localhost:%d,CONTROLLER://localhost:%d".formatted(port, controllerPort)),
                Map.entry("advertised.listeners", "PLAINTEXT://localhost:" + port),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry("inter.broker.listener.name", "PLAINTEXT"),
                Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
                Map.entry("log.dirs", directory.path().toString()),
                Map.entry("auto.create.topics.enable", "false"),
                Map.entry("num.partitions", "1"),
                Map.entry("offsets.topic.num.partitions", "5"),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("transaction.state.log.num.partitions", "5"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                Map.entry("share.coordinator.state.topic.min.isr", "1"),
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                Map.entry("num.network.threads", "2"),
                Map.entry("num.io.threads", "4"),
                Map.entry("log.cleaner.dedupe.buffer.size", "1048577"),
                // A stop takes leave of the controller and a start is noticed at once: otherwise every restart waits
                // ten seconds until the controller holds the broker's former self for dead.
                Map.entry("controlled.shutdown.enable", "true"),
                Map.entry("broker.heartbeat.interval.ms", "500"),
                // There is no other broker to take over, so a machine that is busy must not fence this one.
                Map.entry("broker.session.timeout.ms", "60000")));
        settings.putAll(extraSettings);
        KafkaRaftServer made = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
        server = made;
        try {
            made.startup();
        } catch (RuntimeException trouble) {
            stop();
            throw new IllegalStateException(
                    "The embedded Kafka can't be started on ports %d and %d".formatted(port, controllerPort), trouble);
        }
    }

    /** Where clients connect, the same after a restart. */
    public String bootstrapServers() {
        return "localhost:" + port;
    }

    /** Stops the broker; its clients lose their connections. Its data stays for {@link #restart}. */
    public synchronized void stop() {
        if (server != null) {
            server.shutdown();
            server.awaitShutdown();
            server = null;
        }
    }

    /** Starts the broker again, on the same ports and data. It may be running or stopped before. */
    public synchronized void restart() {
        stop();
        open();
    }

    /**
     * From now on only {@link #close} stops it. Otherwise it also stops as soon as the JVM begins to end, while other
     * shutdown hooks, such as an application's that still writes, run at the same time.
     */
    public synchronized void stopOnlyWhenClosed() {
        Runtime.getRuntime().removeShutdownHook(stopper);
    }

    /** Stops the broker and deletes its data. A second call does nothing. */
    @Override
    public synchronized void close() {
        stop();
        directory.clear();
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
