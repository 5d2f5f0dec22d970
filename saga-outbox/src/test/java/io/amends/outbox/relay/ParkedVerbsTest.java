package io.amends.outbox.relay;

import static io.amends.outbox.relay.RelayBench.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.outbox.OutboxLimits;
import io.amends.outbox.operations.Order;
import io.amends.outbox.operations.OutboxEdit;
import io.amends.outbox.operations.OutboxInspection;
import io.amends.outbox.operations.OutboxOperations;
import io.amends.outbox.operations.ParkedFilter;
import io.amends.outbox.operations.ParkedRecord;
import io.amends.outbox.operations.VerbResult.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** What operators decide about parked records, beside a relay that runs and writers that go on. */
@ParameterizedClass
@EnumSource(ReadMode.class)
class ParkedVerbsTest {

    private static final String HUGE = "x".repeat(20_000);
    private static final Order ORDER = new Order("ann", "ticket 7");

    private final RelayBench bench;
    private final String narrow;
    private final Relay relay;
    private final OutboxOperations operations;
    private final OutboxInspection inspection;

    ParkedVerbsTest(ReadMode mode) {
        bench = RelayBench.shared(mode);
        narrow = bench.topic(RelayBench.topicName(), 1, Map.of("max.message.bytes", "2000"));
        relay = bench.relay("one");
        operations = new OutboxOperations(
                bench.database.jdbc(),
                new JdbcTransactionManager(bench.database.dataSource()),
                OutboxLimits.DEFAULT,
                relay::released);
        inspection = new OutboxInspection(bench.database.jdbc());
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void an_unparked_record_is_published_before_its_followers_and_they_before_what_is_appended_meanwhile()
            throws Exception {
        List<String> written = whileAWriterGoesOn(position -> {
            allowLargeRecords();
            assertThat(operations.unpark(position, ORDER).outcome()).isEqualTo(Outcome.DONE);
        });
        assertThat(arrived("k")).isEqualTo(written);
    }

    @Test
    void an_edited_record_is_published_in_its_place() throws Exception {
        List<String> written = whileAWriterGoesOn(position -> assertThat(operations
                        .edit(position, OutboxEdit.ofPayload("mended".getBytes(StandardCharsets.UTF_8)), ORDER)
                        .outcome())
                .isEqualTo(Outcome.DONE));
        written.set(written.indexOf(HUGE), "mended");
        assertThat(arrived("k")).isEqualTo(written);
    }

    @Test
    void a_discarded_record_is_left_out_and_its_followers_keep_their_order() throws Exception {
        List<String> written = whileAWriterGoesOn(position ->
                assertThat(operations.discard(position, ORDER).outcome()).isEqualTo(Outcome.DONE));
        written.remove(HUGE);
        assertThat(arrived("k")).isEqualTo(written);
    }

    @Test
    void a_record_that_is_refused_again_blocks_its_key_again_and_can_be_decided_about_again() {
        bench.append(narrow, "k", HUGE, "after");
        relay.start();
        long position = refused();
        awaitFollower();

        operations.unpark(position, ORDER);
        await().atMost(LONG).until(() -> relay.stats().failedChunks() > 1);
        await().atMost(LONG).until(() -> operations.discard(position, ORDER).outcome() == Outcome.DONE);

        awaitNothingParked();
        assertThat(arrived("k")).containsExactly("after");
    }

    @Test
    void a_record_that_is_moved_to_another_topic_frees_those_behind_it() {
        String wide = bench.topic(1);
        bench.append(narrow, "k", HUGE, "after");
        relay.start();
        long position = refused();
        awaitFollower();

        operations.edit(position, OutboxEdit.ofTopic(wide), ORDER);

        awaitNothingParked();
        assertThat(bench.values(wide, "k").stream().distinct()).containsExactly(HUGE);
        assertThat(arrived("k")).containsExactly("after");
    }

    @Test
    void no_follower_is_left_behind_when_keys_are_parked_decided_about_and_written_all_at_once() throws Exception {
        int keys = 20;
        relay.start();
        ExecutorService threads = Executors.newFixedThreadPool(5);
        AtomicBoolean writing = new AtomicBoolean(true);
        List<Future<?>> operators = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            operators.add(threads.submit(() -> {
                while (writing.get() || bench.database.count("saga_parked_key") > 0 || bench.pending() > 0) {
                    operations.discardAll(ParkedFilter.ofTopic(narrow), 3, ORDER);
                    inspection
                            .parked(ParkedFilter.ALL, 0, 2)
                            .forEach(parked -> operations.discard(parked.position(), ORDER));
                }
            }));
        }
        for (int n = 0; n < 30; n++) {
            String value = String.valueOf(n);
            boolean huge = n % 7 == 3;
            bench.database
                    .transaction()
                    .executeWithoutResult(status -> IntStream.range(0, keys)
                            .forEach(key -> bench.outbox.append(
                                    RelayBench.message(narrow, "k" + key, huge && key % 3 == 0 ? HUGE : value))));
        }
        writing.set(false);
        for (Future<?> operator : operators) {
            operator.get(60, TimeUnit.SECONDS);
        }
        threads.shutdown();

        assertThat(bench.database.count("saga_parked")).isZero();
        List<RelayBench.Arrived> all = bench.arrived(narrow).stream().distinct().toList();
        for (int key = 0; key < keys; key++) {
            int of = key;
            assertThat(all.stream()
                            .filter(record -> record.key().equals("k" + of))
                            .map(RelayBench.Arrived::value))
                    .as("key %d", key)
                    .containsExactlyElementsOf(IntStream.range(0, 30)
                            .filter(n -> n % 7 != 3 || of % 3 != 0)
                            .mapToObj(String::valueOf)
                            .toList());
        }
    }

    /** A huge record in the middle of small ones of one key; returns all that was written. */
    private List<String> whileAWriterGoesOn(Consumer<Long> verb) throws Exception {
        relay.start();
        AtomicBoolean enough = new AtomicBoolean();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        Future<List<String>> writer = thread.submit(() -> {
            List<String> written = new ArrayList<>();
            for (int n = 0; !enough.get() || n < 40; n++) {
                String value = n == 10 ? HUGE : String.valueOf(n);
                bench.append(narrow, "k", value);
                bench.append(narrow, "other", value.equals(HUGE) ? "small" : value);
                written.add(value);
            }
            return written;
        });
        try {
            long position = refused();
            awaitFollower();
            verb.accept(position);
            await().atMost(LONG).until(() -> bench.database.count("saga_parked_key") == 0);
        } finally {
            enough.set(true);
        }
        List<String> written = writer.get(30, TimeUnit.SECONDS);
        thread.shutdown();
        awaitNothingParked();
        assertThat(arrived("other")).hasSize(written.size());
        return written;
    }

    private long refused() {
        await().atMost(LONG)
                .until(() -> !inspection.parked(ParkedFilter.ALL, 0, 1).isEmpty());
        List<ParkedRecord> parked = inspection.parked(ParkedFilter.ofReason("RECORD_TOO_LARGE"), 0, 10);
        assertThat(parked).hasSize(1);
        return parked.get(0).position();
    }

    private void awaitFollower() {
        await().atMost(LONG)
                .until(() -> inspection.parked(ParkedFilter.ALL, 0, 1).get(0).followers() > 0);
    }

    private void awaitNothingParked() {
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> bench.database.count("saga_parked_key") == 0);
        bench.awaitPublished();
        assertThat(bench.database.count("saga_parked")).isZero();
    }

    /** Without repeats. */
    private List<String> arrived(String key) {
        return bench.values(narrow, key).stream().distinct().toList();
    }

    private void allowLargeRecords() {
        try (Admin admin = bench.admin()) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, narrow),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("max.message.bytes", "100000"), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
            Known.setting(admin, narrow, "max.message.bytes", "100000");
        } catch (Exception trouble) {
            throw new IllegalStateException("The topic can't be widened", trouble);
        }
    }
}
