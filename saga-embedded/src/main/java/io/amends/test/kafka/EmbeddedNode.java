package io.amends.test.kafka;

import io.amends.test.directory.ServerDirectory;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

/** A node in this JVM. */
final class EmbeddedNode implements KafkaNode {

    private final ServerDirectory directory = ServerDirectory.temporary("amends-kafka");
    private final int id;
    private final int port;
    private final List<Integer> controllerPorts;
    private final Map<String, String> settings;
    private @Nullable KafkaRaftServer server;

    /**
     * A node that was not started yet.
     *
     * @param id counted from 1
     * @param controllerPorts of all nodes, in the order of their ids
     */
    EmbeddedNode(int id, int port, List<Integer> controllerPorts, Map<String, String> settings) {
        this.id = id;
        this.port = port;
        this.controllerPorts = List.copyOf(controllerPorts);
        this.settings = Map.copyOf(settings);
    }

    /** To be called once before the first start, with the same cluster id on all nodes. */
    void format(String clusterId) {
        try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(nowhere)
                    .setNodeId(id)
                    .setClusterId(clusterId)
                    .addDirectory(directory.path().toString())
                    .setMetadataLogDirectory(directory.path().toString())
                    .setControllerListenerName("CONTROLLER")
                    .run();
        } catch (Exception trouble) {
            throw new IllegalStateException(
                    "The embedded Kafka can't prepare its directory " + directory.path(), trouble);
        }
    }

    @Override
    public void open() {
        int controllerPort = controllerPorts.get(id - 1);
        Properties all = new Properties();
        all.putAll(Map.of(
                "node.id", String.valueOf(id),
                "controller.quorum.voters",
                        IntStream.range(0, controllerPorts.size())
                                .mapToObj(i -> "%d@localhost:%d".formatted(i + 1, controllerPorts.get(i)))
                                .collect(Collectors.joining(",")),
                "listeners", "PLAINTEXT://localhost:%d,CONTROLLER://localhost:%d".formatted(port, controllerPort),
                "advertised.listeners", "PLAINTEXT://localhost:" + port,
                "inter.broker.listener.name", "PLAINTEXT",
                "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "log.dirs", directory.path().toString()));
        all.putAll(settings);
        KafkaRaftServer made = new KafkaRaftServer(new KafkaConfig(all, false), Time.SYSTEM);
        server = made;
        try {
            made.startup();
        } catch (RuntimeException trouble) {
            stop();
            throw new IllegalStateException(
                    "The embedded Kafka can't be started on ports %d and %d".formatted(port, controllerPort), trouble);
        }
    }

    @Override
    public void stop() {
        if (server != null) {
            server.shutdown();
            server.awaitShutdown();
            server = null;
        }
    }

    @Override
    public void clear() {
        directory.clear();
    }

    @Override
    public String address() {
        return "localhost:" + port;
    }
}
