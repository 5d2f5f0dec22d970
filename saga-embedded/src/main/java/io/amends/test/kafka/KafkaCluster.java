package io.amends.test.kafka;

import io.amends.test.container.ServerChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.testcontainers.containers.Network;

/**
 * Three real Kafka brokers, each a controller too, with three copies of everything, of which two must have what is
 * acknowledged: to test that any of them may die. They are containers where {@link ServerChoice} says so, and die by SIGKILL
 * then; else they live in this JVM, and one that dies is gone without handing over what it leads. Safe for use by many threads.
 */
public final class KafkaCluster implements AutoCloseable {

    /** How many brokers; their ids are 1 to this. */
    public static final int BROKERS = 3;

    private final List<KafkaNode> nodes;
    private final AutoCloseable network;

    private KafkaCluster(List<KafkaNode> nodes, AutoCloseable network) {
        this.nodes = List.copyOf(nodes);
        this.network = network;
    }

    /**
     * Starts all of them, with empty logs.
     *
     * @throws IllegalStateException if one can't be started
     */
    public static KafkaCluster start() {
        return ServerChoice.ofThisJvm()
                .start(ContainerNode.IMAGE, KafkaCluster::startContainers, KafkaCluster::startEmbedded);
    }

    private static KafkaCluster startEmbedded() {
        List<Integer> ports = NodeSettings.freePorts(2 * BROKERS);
        String clusterId = Uuid.randomUuid().toString();
        List<KafkaNode> nodes = new ArrayList<>();
        for (int id = 1; id <= BROKERS; id++) {
            EmbeddedNode node = new EmbeddedNode(
                    id, ports.get(id - 1), ports.subList(BROKERS, 2 * BROKERS), NodeSettings.oneOfThree());
            nodes.add(node);
            node.format(clusterId);
        }
        return started(nodes, () -> {});
    }

    private static KafkaCluster startContainers() {
        List<Integer> ports = NodeSettings.freePorts(BROKERS);
        String clusterId = Uuid.randomUuid().toString();
        Network network = Network.newNetwork();
        List<KafkaNode> nodes = IntStream.rangeClosed(1, BROKERS)
                .<KafkaNode>mapToObj(id -> new ContainerNode(
                        id, BROKERS, clusterId, network, ports.get(id - 1), NodeSettings.oneOfThree()))
                .toList();
        return started(nodes, network);
    }

    private static KafkaCluster started(List<KafkaNode> nodes, AutoCloseable network) {
        KafkaCluster made = new KafkaCluster(nodes, network);
        try {
            // At once, since none is ready before most of them are.
            made.all(KafkaNode::open);
        } catch (RuntimeException trouble) {
            made.close();
            throw trouble;
        }
        return made;
    }

    /** At once on all; returns when the last is done. */
    private void all(Consumer<KafkaNode> what) {
        List<CompletableFuture<Void>> running = nodes.stream()
                .map(node -> CompletableFuture.runAsync(() -> what.accept(node), task -> new Thread(task).start()))
                .toList();
        try {
            CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException trouble) {
            throw new IllegalStateException("A broker of the cluster is in trouble", trouble.getCause());
        }
    }

    /** Where clients connect: all brokers. */
    public String bootstrapServers() {
        return nodes.stream().map(KafkaNode::address).collect(Collectors.joining(","));
    }

    /** Lets that broker die; its data stays. */
    public synchronized void kill(int id) {
        nodes.get(id - 1).stop();
    }

    /** Starts that broker again, on the same port and data. */
    public synchronized void revive(int id) {
        nodes.get(id - 1).open();
    }

    /** Stops all of them and deletes their data. */
    @Override
    public synchronized void close() {
        all(KafkaNode::stop);
        all(KafkaNode::clear);
        try {
            network.close();
        } catch (Exception trouble) {
            throw new IllegalStateException("The network of the cluster can't be removed", trouble);
        }
    }
}
