package io.amends.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** Kafka delivers at least once; here it delivers everything twice. */
class RepublishTest {

    private static final List<String> TOPICS =
            List.of("saga.bank-a.commands", "saga.bank-b.commands", "saga.money-transfer.replies");

    /** An error that comes again answers nothing that is open: it changes no step, and is noted as late, with a line. */
    private static final String WITHOUT_ERRORS =
            "where saga_id not in (select saga_id from saga_history where detail like 'error %')";

    private final Installation installation = Installation.shared();
    private final Map<String, Object> servers = Map.of("bootstrap.servers", installation.kafka.bootstrapServers());

    @Test
    void republishing_every_record_of_every_topic_changes_nothing() throws Exception {
        assertThat(installation.demo(200, 7).exitCode()).isZero();
        try (Admin admin = Admin.create(servers)) {
            awaitConsumed(admin);
            Map<String, String> before = tables();
            List<ConsumerRecord<byte[], byte[]>> records = readAll(admin);
            assertThat(records).hasSizeGreaterThan(200 * 4);

            publish(records);

            awaitConsumed(admin);
            assertThat(tables()).isEqualTo(before);
            assertThat(installation.whatIsWrong()).isEmpty();
        }
    }

    /** A hash of every row of every table that states something about sagas or money. */
    private Map<String, String> tables() {
        Map<String, String> hashes = new TreeMap<>();
        for (String table : List.of("saga_instance", "saga_step", "saga_history")) {
            hashes.put("transfer." + table, hash("transfer", table + " t " + WITHOUT_ERRORS));
        }
        for (String bank : List.of("bank_a", "bank_b")) {
            for (String table : List.of("account", "hold", "ledger_entry", "saga_inbox_command")) {
                hashes.put(bank + "." + table, hash(bank, table + " t"));
            }
        }
        return hashes;
    }

    private String hash(String database, String rows) {
        return installation.query(
                database,
                "select count(*) || ' rows, ' || md5(string_agg(t::text, '|' order by t::text)) from " + rows);
    }

    private List<ConsumerRecord<byte[], byte[]>> readAll(Admin admin) throws Exception {
        Map<TopicPartition, Long> ends = ends(admin);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(servers, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(ends.keySet());
            consumer.seekToBeginning(ends.keySet());
            long all = ends.values().stream().mapToLong(Long::longValue).sum();
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
                return records.size() >= all;
            });
        }
        return records;
    }

    private void publish(List<ConsumerRecord<byte[], byte[]>> records) {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(servers, new ByteArraySerializer(), new ByteArraySerializer())) {
            records.forEach(record -> producer.send(new ProducerRecord<>(
                    record.topic(), record.partition(), record.key(), record.value(), record.headers())));
        }
    }

    /** Until every group has read everything, no outbox holds more, and it stays so. */
    private void awaitConsumed(Admin admin) {
        await().atMost(Duration.ofSeconds(120))
                .during(Duration.ofSeconds(2))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> isConsumed(admin)
                        && Installation.DATABASES.stream()
                                .allMatch(database ->
                                        installation.count(database, "select count(*) from saga_outbox_pending") == 0));
    }

    private boolean isConsumed(Admin admin) throws Exception {
        Map<TopicPartition, Long> ends = ends(admin);
        for (String group : TOPICS) {
            Map<TopicPartition, Long> read = admin
                    .listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get(30, TimeUnit.SECONDS)
                    .entrySet()
                    .stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, entry -> entry.getValue().offset()));
            boolean all = ends.entrySet().stream()
                    .filter(end -> end.getKey().topic().equals(group) && end.getValue() > 0)
                    .allMatch(end -> end.getValue().equals(read.get(end.getKey())));
            if (!all) {
                return false;
            }
        }
        return true;
    }

    private static Map<TopicPartition, Long> ends(Admin admin) throws Exception {
        Map<TopicPartition, OffsetSpec> partitions =
                admin.describeTopics(TOPICS).allTopicNames().get(30, TimeUnit.SECONDS).values().stream()
                        .flatMap(topic -> topic.partitions().stream()
                                .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                        .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        return admin.listOffsets(partitions).all().get(30, TimeUnit.SECONDS).entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
    }
}
