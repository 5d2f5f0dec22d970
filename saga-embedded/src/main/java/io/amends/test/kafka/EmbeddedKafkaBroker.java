package io.amends.test.kafka;

import io.amends.test.container.ServerChoice;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;

/**
 * A real Kafka broker and controller (KRaft) in this JVM, on free ports of localhost. Topics are not created by
 * themselves. It can be stopped and started again on the same ports and data. Safe for use by many threads.
 *
 * <p>The broker logs much of what it does. Keep {@code kafka}, {@code state.change.logger} and {@code org.apache.kafka} at
 * level ERROR in your logging configuration, unless you look for its faults.
 */
public final class EmbeddedKafkaBroker implements AutoCloseable {

    private final KafkaNode node;
    private final Thread stopper = new Thread(this::close, "amends-kafka-stop");

    private EmbeddedKafkaBroker(KafkaNode node) {
        this.node = node;
    }

    private static final class Shared {
        static final EmbeddedKafkaBroker BROKER = ServerChoice.ofThisJvm()
                .start(ContainerNode.IMAGE, EmbeddedKafkaBroker::startContainer, EmbeddedKafkaBroker::start);
    }

    /**
     * The one broker of this JVM, started at the first call and stopped when the JVM ends. Never stop it in a test. It is a
     * container where {@link ServerChoice} says so.
     */
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
        List<Integer> ports = NodeSettings.freePorts(2);
        Map<String, String> settings = new HashMap<>(NodeSettings.alone());
        settings.putAll(extraSettings);
        EmbeddedNode node = new EmbeddedNode(1, ports.get(0), List.of(ports.get(1)), settings);
        try {
            node.format(Uuid.randomUuid().toString());
        } catch (RuntimeException trouble) {
            node.clear();
            throw trouble;
        }
        return started(node);
    }

    private static EmbeddedKafkaBroker startContainer() {
        int port = NodeSettings.freePorts(1).get(0);
        return started(new ContainerNode(1, 1, Uuid.randomUuid().toString(), null, port, NodeSettings.alone()));
    }

    private static EmbeddedKafkaBroker started(KafkaNode node) {
        EmbeddedKafkaBroker made = new EmbeddedKafkaBroker(node);
        try {
            node.open();
        } catch (RuntimeException trouble) {
            made.close();
            throw trouble;
        }
        Runtime.getRuntime().addShutdownHook(made.stopper);
        return made;
    }

    /** Where clients connect, the same after a restart. */
    public String bootstrapServers() {
        return node.address();
    }

    /** Stops the broker; its clients lose their connections. Its data stays for {@link #restart}. */
    public synchronized void stop() {
        node.stop();
    }

    /** Starts the broker again, on the same ports and data. It may be running or stopped before. */
    public synchronized void restart() {
        node.stop();
        node.open();
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
        node.stop();
        node.clear();
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
