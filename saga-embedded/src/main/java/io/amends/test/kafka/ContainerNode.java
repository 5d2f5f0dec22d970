package io.amends.test.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** A node in a container. Its port of this machine is chosen before, since a broker tells clients where it is. */
final class ContainerNode implements KafkaNode {

    /** The same as in docker-compose.yml, which a test checks. */
    static final String IMAGE = "apache/kafka:4.2.1";

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final GenericContainer<?> container;
    private final int port;
    private boolean made;
    private boolean running;

    /**
     * A node that was not started yet.
     *
     * @param id counted from 1
     * @param nodes how many there are
     * @param network where they find each other, null for one that is alone
     */
    ContainerNode(
            int id, int nodes, String clusterId, @Nullable Network network, int port, Map<String, String> settings) {
        this.port = port;
        Map<String, String> all = new HashMap<>(settings);
        all.put("node.id", String.valueOf(id));
        all.put(
                "controller.quorum.voters",
                IntStream.rangeClosed(1, nodes)
                        .mapToObj(node -> "%d@%s:9093".formatted(node, name(node, network)))
                        .collect(Collectors.joining(",")));
        all.put("listeners", "PLAINTEXT://:9092,CONTROLLER://:9093,BROKER://:9094");
        all.put("advertised.listeners", "PLAINTEXT://%s,BROKER://%s:9094".formatted(address(), name(id, network)));
        all.put("inter.broker.listener.name", "BROKER");
        all.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,BROKER:PLAINTEXT");
        container = new GenericContainer<>(DockerImageName.parse(IMAGE))
                .withEnv("CLUSTER_ID", clusterId)
                .withEnv("KAFKA_HEAP_OPTS", "-Xmx384m")
                .withEnv(all.entrySet().stream()
                        .collect(Collectors.toMap(
                                setting -> "KAFKA_"
                                        + setting.getKey()
                                                .toUpperCase(Locale.ROOT)
                                                .replace('.', '_'),
                                Map.Entry::getValue)))
                // The broker opens its port once it has caught up; the engine's own forwarding opens at once.
                .waitingFor(Wait.forSuccessfulCommand("bash -c ': < /dev/tcp/localhost/9092'"))
                .withStartupTimeout(LIMIT);
        container.setPortBindings(List.of(port + ":9092"));
        if (network != null) {
            container.withNetwork(network).withNetworkAliases(name(id, network));
        }
    }

    private static String name(int id, @Nullable Network network) {
        return network == null ? "localhost" : "kafka-" + id;
    }

    @Override
    public void open() {
        if (made) {
            container
                    .getDockerClient()
                    .startContainerCmd(container.getContainerId())
                    .exec();
        } else {
            container.start();
            made = true;
        }
        running = true;
    }

    /** SIGKILL: nothing is flushed, nobody is told. */
    @Override
    public void stop() {
        if (running) {
            running = false;
            container
                    .getDockerClient()
                    .killContainerCmd(container.getContainerId())
                    .exec();
        }
    }

    @Override
    public void clear() {
        container.stop();
        made = false;
    }

    @Override
    public String address() {
        return DockerClientFactory.instance().dockerHostIpAddress() + ":" + port;
    }
}
