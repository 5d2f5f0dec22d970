package io.amends.test.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What brokers of tests have in common, wherever they run; as in {@code server.properties}. */
final class NodeSettings {

    private NodeSettings() {}

    /** Of a broker that is alone. */
    static Map<String, String> alone() {
        Map<String, String> settings = common(1, 1);
        // A stop takes leave of the controller and a start is noticed at once: otherwise every restart waits ten
        // seconds
        // until the controller holds the broker's former self for dead.
        settings.put("controlled.shutdown.enable", "true");
        // There is no other broker to take over, so a machine that is busy must not fence this one.
        settings.put("broker.session.timeout.ms", "60000");
        return settings;
    }

    /** Of one of three: three copies of everything, of which two must have what is acknowledged. */
    static Map<String, String> oneOfThree() {
        Map<String, String> settings = common(3, 2);
        settings.put("default.replication.factor", "3");
        settings.put("min.insync.replicas", "2");
        // None takes leave: the others notice that it is gone, as they do of one that died.
        settings.put("controlled.shutdown.enable", "false");
        settings.put("broker.session.timeout.ms", "6000");
        // A machine that is busy must not make them elect a controller again and again.
        settings.put("controller.quorum.fetch.timeout.ms", "5000");
        return settings;
    }

    private static Map<String, String> common(int copies, int inSync) {
        return new HashMap<>(Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry("auto.create.topics.enable", "false"),
                Map.entry("num.partitions", "1"),
                Map.entry("offsets.topic.num.partitions", "5"),
                Map.entry("offsets.topic.replication.factor", String.valueOf(copies)),
                Map.entry("transaction.state.log.num.partitions", "5"),
                Map.entry("transaction.state.log.replication.factor", String.valueOf(copies)),
                Map.entry("transaction.state.log.min.isr", String.valueOf(inSync)),
                Map.entry("share.coordinator.state.topic.replication.factor", String.valueOf(copies)),
                Map.entry("share.coordinator.state.topic.min.isr", String.valueOf(inSync)),
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                Map.entry("num.network.threads", "2"),
                Map.entry("num.io.threads", "4"),
                Map.entry("log.cleaner.dedupe.buffer.size", "1048577"),
                Map.entry("broker.heartbeat.interval.ms", "500")));
    }

    /** All are held until the last is found, so that they differ. */
    static List<Integer> freePorts(int count) {
        List<Integer> ports = new ArrayList<>();
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                held.add(socket);
                ports.add(socket.getLocalPort());
            }
            for (ServerSocket socket : held) {
                socket.close();
            }
        } catch (IOException trouble) {
            throw new UncheckedIOException("There is no free port for a Kafka broker", trouble);
        }
        return ports;
    }
}
