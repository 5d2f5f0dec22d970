package io.amends.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.runtime.LogWatch;
import io.amends.runtime.wire.InboundRecord;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** How a consumer hands records over and commits them, on a real broker. */
class KafkaInboundTest extends InboundFixture {

    @Test
    void a_record_is_delivered_with_all_that_it_has() throws Exception {
        open(this::note);
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            ProducerRecord<byte[], byte[]> full = new ProducerRecord<>(topic, bytes("k"), new byte[] {0, -1});
            full.headers()
                    .add("twice", bytes("first"))
                    .add("twice", bytes("last"))
                    .add("none", null);
            full.headers().add("raw", new byte[] {-1, 0});
            producer.send(full).get(30, TimeUnit.SECONDS);
            producer.send(new ProducerRecord<>(topic, null, null)).get(30, TimeUnit.SECONDS);
        }
        await().atMost(LIMIT).until(() -> records().size() == 2);

        InboundRecord full = records().get(0);
        assertThat(full.place()).isEqualTo(topic + "-0@0");
        assertThat(full.key()).isEqualTo(bytes("k"));
        assertThat(full.value()).isEqualTo(new byte[] {0, -1});
        assertThat(full.text("twice")).isEqualTo("last");
        assertThat(full.headers()).containsOnlyKeys("twice", "raw");
        InboundRecord empty = records().get(1);
        assertThat(empty.key()).isNull();
        assertThat(empty.value()).isNull();
        assertThat(empty.headers()).isEmpty();
    }

    @Test
    void the_offset_is_committed_after_the_processor_returned_and_not_before() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch mayReturn = new CountDownLatch(1);
        open(records -> {
            entered.countDown();
            pass(mayReturn);
        });
        produce("a", "b");
        pass(entered);
        assertThat(committed()).isZero();
        mayReturn.countDown();
        await().atMost(LIMIT).until(() -> committed() == 2);
    }

    @Test
    void while_the_processor_throws_the_same_poll_comes_again_and_then_the_partition_resumes() throws Exception {
        trouble.set(new IllegalStateException("the database is away"));
        produce("a", "b", "c");
        try (LogWatch log = LogWatch.of("io.amends.runtime.kafka")) {
            open(this::noteOrThrow);
            await().atMost(LIMIT).until(() -> polls.size() >= 3);
            produce("d");
            assertThat(committed()).isZero();
            int failed = polls.size();
            trouble.set(null);
            await().atMost(LIMIT).until(() -> committed() == 4);

            assertThat(polls.subList(0, failed))
                    .allSatisfy(poll -> assertThat(values(poll).get(0)).isEqualTo("a"));
            assertThat(values(records(failed))).containsSubsequence("a", "b", "c", "d");
            assertThat(log.lines()).hasSize(2);
            assertThat(log.lines().get(0)).startsWith("WARN").contains(topic, "3 records", "the database is away");
            assertThat(log.lines().get(1)).startsWith("INFO").contains(topic, "resumed");
        }
    }

    @Test
    void no_exception_is_taken_as_hopeless() throws Exception {
        trouble.set(new ClassCastException("Spring Kafka would skip the record after the first of these"));
        produce("a");
        open(this::noteOrThrow);
        await().atMost(LIMIT).until(() -> polls.size() >= 3);
        assertThat(committed()).isZero();
        trouble.set(null);
        await().atMost(LIMIT).until(() -> committed() == 1);
    }

    @Test
    void many_polls_share_a_commit() throws Exception {
        open(this::note);
        produce("first");
        await().atMost(LIMIT).until(() -> committed() == 1);
        long before = offsetRecords();
        String[] values = new String[100 * MAX_POLL];
        Arrays.fill(values, "v");
        produce(values);
        await().atMost(LIMIT).until(() -> committed() == 1 + values.length);

        assertThat(polls).hasSizeGreaterThan(100);
        assertThat(offsetRecords() - before).isLessThan(50);
    }

    @Test
    void a_poll_has_at_most_as_many_records_as_it_was_told_and_they_are_in_order() throws Exception {
        String[] values = new String[13];
        for (int i = 0; i < values.length; i++) {
            values[i] = "v" + i;
        }
        produce(values);
        open(this::note);
        await().atMost(LIMIT).until(() -> committed() == values.length);
        assertThat(polls).allSatisfy(poll -> assertThat(poll).hasSizeLessThanOrEqualTo(MAX_POLL));
        assertThat(values(records())).containsExactly(values);
    }

    @Test
    void records_of_an_aborted_transaction_are_not_delivered() throws Exception {
        open(this::note);
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", topic))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, bytes("undone")));
            producer.flush();
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, bytes("done")));
            producer.commitTransaction();
        }
        await().atMost(LIMIT).until(() -> !polls.isEmpty());
        assertThat(values(records())).containsExactly("done");
    }

    @Test
    void the_applications_settings_do_not_switch_off_what_makes_it_safe() throws Exception {
        KafkaInbound inbound = new KafkaInbound(
                topic,
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "enable.auto.commit",
                        true,
                        "auto.commit.interval.ms",
                        10,
                        "auto.offset.reset",
                        "latest",
                        "group.id",
                        "somebody-else",
                        "value.deserializer",
                        "org.apache.kafka.common.serialization.StringDeserializer"),
                1,
                MAX_POLL,
                this::noteOrThrow);
        opened.add(inbound);
        trouble.set(new IllegalStateException("the database is away"));
        produce("a");
        inbound.start();
        await().atMost(LIMIT).until(() -> polls.size() >= 3);
        assertThat(committed()).isZero();
        trouble.set(null);
        await().atMost(LIMIT).until(() -> committed() == 1);
    }

    /** What all consumers of the broker have written of how far they have read. */
    private long offsetRecords() throws Exception {
        String offsets = "__consumer_offsets";
        try (Admin admin = Admin.create(servers)) {
            Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
            admin.describeTopics(List.of(offsets))
                    .allTopicNames()
                    .get(30, TimeUnit.SECONDS)
                    .get(offsets)
                    .partitions()
                    .forEach(partition ->
                            ends.put(new TopicPartition(offsets, partition.partition()), OffsetSpec.latest()));
            return admin.listOffsets(ends).all().get(30, TimeUnit.SECONDS).values().stream()
                    .mapToLong(ListOffsetsResult.ListOffsetsResultInfo::offset)
                    .sum();
        }
    }
}
