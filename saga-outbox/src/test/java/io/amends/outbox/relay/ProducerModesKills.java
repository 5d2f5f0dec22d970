package io.amends.outbox.relay;

import com.zaxxer.hikari.HikariDataSource;
import io.amends.outbox.AppendListener;
import io.amends.outbox.JdbcOutbox;
import io.amends.outbox.OutboxLimits;
import io.amends.outbox.OutboxMessage;
import io.amends.outbox.TestDatabase;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * How many records readers of committed records see twice after a relay that drains 50,000 rows and more was killed twenty
 * times (SIGKILL), in each way of reading and of writing. Its name keeps it out of the tests; run it by
 * {@code mvn -q -pl saga-outbox -am test -Dtest=ProducerModesKills -Dsurefire.failIfNoSpecifiedTests=false}.
 */
final class ProducerModesKills {

    private static final int KILLS = 20;
    private static final int PENDING = 50_000;
    private static final int TRANSACTION = 5_000;
    private static final int KEYS = 1_000;
    private static final long SEED = 20;
    private static final long MOST_MILLIS = 250;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @Test
    void records_seen_twice_after_twenty_kills() throws Exception {
        try (EmbeddedPostgresServer server = EmbeddedPostgresServer.start();
                EmbeddedKafkaBroker broker = EmbeddedKafkaBroker.start()) {
            for (ReadMode reads : ReadMode.values()) {
                for (ProducerMode writes : ProducerMode.values()) {
                    String topic = "kills-%s-%s".formatted(reads, writes).toLowerCase(Locale.ROOT);
                    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
                            TestDatabase database = TestDatabase.migrated(server)) {
                        admin.createTopics(List.of(new NewTopic(topic, 12, (short) 1)))
                                .all()
                                .get();
                        List<String> command = List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-Xmx256m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                KilledRelay.class.getName(),
                                reads.name(),
                                writes.name(),
                                database.dataSource()
                                        .unwrap(HikariDataSource.class)
                                        .getJdbcUrl(),
                                server.username(),
                                server.password(),
                                broker.bootstrapServers(),
                                "killed");
                        int rows = killAndEnd(database, topic, command);
                        tell(broker, topic, rows, reads, writes);
                    }
                }
            }
        }
    }

    /** The number of rows that were appended; all of them have left the outbox in the end. */
    private static int killAndEnd(TestDatabase database, String topic, List<String> command) throws Exception {
        JdbcOutbox outbox = new JdbcOutbox(database.dataSource(), OutboxLimits.DEFAULT, AppendListener.NONE);
        Random random = new Random(SEED);
        int rows = 0;
        for (int kills = 0; kills < KILLS; ) {
            rows = append(database, outbox, topic, rows);
            Process relay =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try {
                awaitDrains(relay);
                TimeUnit.MILLISECONDS.sleep(random.nextLong(MOST_MILLIS));
            } finally {
                relay.destroyForcibly().waitFor();
            }
            // Else it had nothing to do any more when it was killed.
            kills += database.count("saga_outbox_pending") > 0 ? 1 : 0;
        }
        Process last = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            Awaitility.await().atMost(LIMIT).until(() -> database.count("saga_outbox_pending") == 0);
            last.getOutputStream().write('\n');
            last.getOutputStream().flush();
            if (!last.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("The last relay did not stop");
            }
        } finally {
            last.destroyForcibly();
        }
        return rows;
    }

    private static int append(TestDatabase database, JdbcOutbox outbox, String topic, int rows) {
        int next = rows;
        for (long pending = database.count("saga_outbox_pending"); pending < PENDING; pending += TRANSACTION) {
            List<OutboxMessage> messages = new ArrayList<>(TRANSACTION);
            for (int i = 0; i < TRANSACTION; i++, next++) {
                byte[] payload = "%0300d".formatted(next).getBytes(StandardCharsets.UTF_8);
                messages.add(TestDatabase.message(topic, "key-" + next % KEYS, payload));
            }
            database.transaction().executeWithoutResult(status -> outbox.appendAll(messages));
        }
        return next;
    }

    private static void awaitDrains(Process relay) throws IOException {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(relay.getInputStream(), StandardCharsets.UTF_8))) {
            StringBuilder said = new StringBuilder();
            for (String line = lines.readLine(); !KilledRelay.DRAINS.equals(line); line = lines.readLine()) {
                if (line == null) {
                    throw new IllegalStateException("The relay ended before it was killed: " + said);
                }
                said.append(line).append('\n');
            }
        }
    }

    private static void tell(EmbeddedKafkaBroker broker, String topic, int rows, ReadMode reads, ProducerMode writes) {
        BitSet seen = new BitSet();
        Map<String, Integer> last = new HashMap<>();
        int records = 0;
        int unordered = 0;
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    records++;
                    int number = Integer.parseInt(new String(record.value(), StandardCharsets.UTF_8));
                    if (!seen.get(number)) {
                        seen.set(number);
                        Integer before = last.put(record.key(), number);
                        unordered += before != null && before > number ? 1 : 0;
                    }
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%-14s %-13s seed %d, kills %d: %,d rows, %,d repeats seen, %d lost, %d out of order%n",
                reads,
                writes,
                SEED,
                KILLS,
                rows,
                records - seen.cardinality(),
                rows - seen.cardinality(),
                unordered);
    }
}
