package io.amends.outbox.relay;

import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
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
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * How many records readers of committed records see twice after a process that drains 50,000 rows and more was killed twenty
 * times (SIGKILL), in both producer modes, for a relay that notes its progress after each chunk and for one that does so at
 * most every 100 ms. Its name keeps it out of the tests; run it by
 * {@code mvn -q -pl saga-outbox -am test -Dtest=ProducerModesKills -Dsurefire.failIfNoSpecifiedTests=false}.
 */
final class ProducerModesKills {

    private static final int KILLS = 20;
    private static final int PENDING = 50_000;

    @Test
    void records_seen_twice_after_twenty_kills() throws Exception {
        try (EmbeddedPostgresServer server = EmbeddedPostgresServer.start();
                EmbeddedKafkaBroker broker = EmbeddedKafkaBroker.start()) {
            for (long lag : new long[] {0, 100}) {
                for (ProducerMode mode : ProducerMode.values()) {
                    measure(server, broker, mode, lag);
                }
            }
        }
    }

    private static void measure(EmbeddedPostgresServer server, EmbeddedKafkaBroker broker, ProducerMode mode, long lag)
            throws Exception {
        String topic = "kills-%s-%d".formatted(mode.name().toLowerCase(Locale.ROOT), lag);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, 12, (short) 1)))
                    .all()
                    .get();
        }
        String url = server.freshDatabase();
        JdbcTemplate jdbc = new JdbcTemplate(new DriverManagerDataSource(url, server.username(), server.password()));
        jdbc.execute(
                "create table rows (position bigint generated always as identity primary key, payload bytea not null)");
        jdbc.execute("create table noted (position bigint not null)");
        jdbc.execute("insert into noted values (0)");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                KilledRelay.class.getName(),
                mode.name(),
                url,
                server.username(),
                server.password(),
                broker.bootstrapServers(),
                topic,
                String.valueOf(lag));
        Random random = new Random(20);
        int kills = 0;
        while (kills < KILLS) {
            fill(jdbc);
            Process relay =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try {
                awaitDrains(relay);
                if (!relay.waitFor(random.nextInt(250), TimeUnit.MILLISECONDS)) {
                    relay.destroyForcibly();
                    kills++;
                }
            } finally {
                relay.destroyForcibly().waitFor();
            }
        }
        Process last = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!last.waitFor(2, TimeUnit.MINUTES)) {
            last.destroyForcibly();
            throw new IllegalStateException("The last relay did not publish what was left");
        }
        tell(broker, jdbc, topic, mode, lag);
    }

    private static void fill(JdbcTemplate jdbc) {
        jdbc.update("""
                insert into rows (payload)
                select convert_to(lpad(i::text, 300, '0'), 'UTF8')
                  from generate_series(1, ? - (select count(*) from rows where position > (select position from noted))) i""", 2 * PENDING);
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

    private static void tell(EmbeddedKafkaBroker broker, JdbcTemplate jdbc, String topic, ProducerMode mode, long lag) {
        BitSet seen = new BitSet();
        Map<String, Long> last = new HashMap<>();
        long records = 0;
        long unordered = 0;
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
                    int position = Integer.parseInt(
                            new String(record.headers().lastHeader("position").value(), StandardCharsets.UTF_8));
                    if (!seen.get(position)) {
                        seen.set(position);
                        Long before = last.put(record.key(), (long) position);
                        unordered += before != null && before > position ? 1 : 0;
                    }
                }
            }
        }
        Long rows = jdbc.queryForObject("select count(*) from rows", Long.class);
        System.out.printf(
                Locale.ROOT,
                "%-13s noted every %3d ms at most: %,d rows, %d kills, %,d seen twice or more, %d lost, %d out of order%n",
                mode,
                lag,
                rows,
                KILLS,
                records - seen.cardinality(),
                rows == null ? -1 : rows - seen.cardinality(),
                unordered);
    }
}
