package io.amends.outbox.relay;

import com.sun.management.OperatingSystemMXBean;
import io.amends.outbox.HeaderCodec;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.Test;

/**
 * What the producer modes cost, without a database: 50,000 rows of 300 bytes over 1,000 keys and 12 partitions in chunks of
 * 1,000, four times over, then chunks of one; the modes by turns in each of five rounds, on a real broker in this JVM.
 * Prints medians. Its name keeps it out of the tests; run it by
 * {@code mvn -q -pl saga-outbox -am test -Dtest=ProducerModesBenchmark -Dsurefire.failIfNoSpecifiedTests=false -Dtest.jit=-XX:TieredStopAtLevel=4}.
 */
final class ProducerModesBenchmark {

    private static final int ROWS = 50_000;

    /** Once takes a tenth of a second only. */
    private static final int PASSES = 4;

    private static final int CHUNK = 1_000;
    private static final int LONE = 300;
    private static final int ROUNDS = 5;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** One way to publish, and what each round measured. */
    private record Way(Publisher publisher, List<Double> perSecond, List<Double> cpuMicros, List<double[]> lone) {}

    @Test
    void throughput_latency_and_processor_time() throws Exception {
        try (EmbeddedKafkaBroker broker = EmbeddedKafkaBroker.start()) {
            Map<String, Object> given = Map.of("bootstrap.servers", broker.bootstrapServers());
            Map<String, Way> ways = new LinkedHashMap<>();
            ways.put("idempotent, 1 in flight", way(ProducerMode.IDEMPOTENT, given, Map.of()));
            ways.put(
                    "idempotent, 5 in flight (unsafe)",
                    way(ProducerMode.IDEMPOTENT, given, Map.of("max.in.flight.requests.per.connection", 5)));
            ways.put("transactional", way(ProducerMode.TRANSACTIONAL, given, Map.of()));
            String topic = topic(broker);
            List<OutboxRow> rows = rows(topic);
            for (Way way : ways.values()) {
                round(way, rows);
                clear(way);
            }
            for (int round = 0; round < ROUNDS; round++) {
                for (Way way : ways.values()) {
                    round(way, rows);
                }
            }
            ways.forEach((name, way) -> System.out.printf(
                    Locale.ROOT,
                    "%-34s drain %,9.0f/s (%,.0f..%,.0f)  cpu %5.1f us/row with the broker  chunks of one p50 %5.2f ms  p99 %5.2f ms%n",
                    name,
                    median(way.perSecond),
                    way.perSecond.stream().min(Double::compare).orElseThrow(),
                    way.perSecond.stream().max(Double::compare).orElseThrow(),
                    median(way.cpuMicros),
                    median(way.lone.stream()
                            .map(sorted -> sorted[sorted.length / 2])
                            .toList()),
                    median(way.lone.stream()
                            .map(sorted -> sorted[sorted.length * 99 / 100])
                            .toList())));
            ways.values().forEach(way -> way.publisher.close());
        }
    }

    private static Way way(ProducerMode mode, Map<String, Object> given, Map<String, Object> extra) {
        Function<Map<String, Object>, Producer<byte[], byte[]>> producers = settings -> {
            Map<String, Object> all = new HashMap<>(settings);
            all.putAll(extra);
            return new KafkaProducer<>(all);
        };
        Publisher publisher = Publishers.of(mode, given, "benchmark", producers).forLane(0);
        return new Way(publisher, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    private static void clear(Way way) {
        way.perSecond.clear();
        way.cpuMicros.clear();
        way.lone.clear();
    }

    private static void round(Way way, List<OutboxRow> rows) throws InterruptedException {
        way.publisher.open();
        long cpu = cpu();
        long begun = System.nanoTime();
        for (int pass = 0; pass < PASSES; pass++) {
            for (int from = 0; from < ROWS; from += CHUNK) {
                publish(way.publisher, rows.subList(from, from + CHUNK));
            }
        }
        double nanos = System.nanoTime() - begun;
        way.perSecond.add(PASSES * ROWS / nanos * 1e9);
        way.cpuMicros.add((cpu() - cpu) / 1e3 / (PASSES * ROWS));

        double[] lone = new double[LONE];
        Random random = new Random(1);
        for (int i = 0; i < LONE; i++) {
            // As messages come at some 200 a second: a transaction that follows at once would wait for the one before.
            Thread.sleep(3 + random.nextInt(4));
            long sent = System.nanoTime();
            publish(way.publisher, rows.subList(i, i + 1));
            lone[i] = (System.nanoTime() - sent) / 1e6;
        }
        Arrays.sort(lone);
        way.lone.add(lone);
    }

    private static void publish(Publisher publisher, List<OutboxRow> rows) throws InterruptedException {
        publisher.send(rows, () -> {});
        Publisher.Sent sent = publisher.await(LIMIT, () -> true);
        if (sent.acknowledged().size() != rows.size()) {
            throw new IllegalStateException("Not all was published: " + sent.failure());
        }
    }

    private static List<OutboxRow> rows(String topic) {
        byte[] payload = new byte[300];
        new Random(7).nextBytes(payload);
        byte[] headers = HeaderCodec.encode(Map.of("ce_id", new byte[36], "ce_type", new byte[12]));
        return IntStream.range(0, ROWS)
                .mapToObj(i -> new OutboxRow(i, topic, "key-" + i % 1_000, payload, headers))
                .toList();
    }

    private static String topic(EmbeddedKafkaBroker broker) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("modes", 12, (short) 1)))
                    .all()
                    .get();
        }
        return "modes";
    }

    private static long cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
