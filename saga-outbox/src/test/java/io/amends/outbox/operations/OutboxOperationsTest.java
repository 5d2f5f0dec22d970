package io.amends.outbox.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.outbox.HeaderCodec;
import io.amends.outbox.OutboxLimits;
import io.amends.outbox.TestDatabase;
import io.amends.outbox.operations.VerbResult.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** What becomes of the tables; ParkedVerbsTest shows the same beside a relay. */
class OutboxOperationsTest {

    private static final Order ORDER = new Order("ann", "ticket 7");

    private final TestDatabase database = TestDatabase.migrated();
    private final JdbcTemplate jdbc = database.jdbc();
    private final AtomicInteger wakes = new AtomicInteger();
    private final OutboxOperations operations = new OutboxOperations(
            jdbc, new JdbcTransactionManager(database.dataSource()), new OutboxLimits(1_000), wakes::incrementAndGet);
    private final OutboxInspection inspection = new OutboxInspection(jdbc);

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void an_order_about_a_refused_record_releases_its_key_and_wakes_the_relay() {
        refused(10, "orders", "k");
        follower(11, "orders", "k");

        assertThat(operations.unpark(10, ORDER).outcome()).isEqualTo(Outcome.DONE);

        assertThat(jdbc.queryForObject("select blocked_by from saga_parked_key", Long.class))
                .isNull();
        assertThat(database.count("saga_parked")).isEqualTo(2);
        assertThat(wakes).hasValue(1);
    }

    @Test
    void the_guide_s_example_does_what_it_says() {
        refused(10, "orders", "a");
        refused(11, "orders", "b");
        refused(12, "orders", "c");
        refused(13, "bills", "a");
        byte[] smaller = bytes("smaller");

        List<ParkedRecord> parked = inspection.parked(ParkedFilter.ofReason("RECORD_TOO_LARGE"), 0, 100);
        Order order = new Order("ann", "ticket 4711");

        operations.unpark(parked.get(0).position(), order);
        operations.edit(parked.get(1).position(), OutboxEdit.ofPayload(smaller), order);
        VerbResult last = operations.discard(parked.get(2).position(), order);
        int others = operations.unparkAll(ParkedFilter.ofTopic("bills"), 1_000, order);

        assertThat(last.outcome()).isEqualTo(Outcome.DONE);
        assertThat(others).isEqualTo(1);
        assertThat(inspection.payload(11)).hasValue(smaller);
        assertThat(inspection.payload(12)).isEmpty();
        assertThat(jdbc.queryForList("select verb from saga_outbox_audit order by audit_id", String.class))
                .containsExactly("unpark", "edit", "discard", "unpark");
        assertThat(database.count("saga_parked_key where blocked_by is null")).isEqualTo(4);
    }

    @Test
    void the_same_order_a_second_time_says_that_the_key_was_released_and_is_not_recorded() {
        refused(10, "orders", "k");
        operations.unpark(10, ORDER);

        for (VerbResult second : List.of(
                operations.unpark(10, ORDER),
                operations.discard(10, ORDER),
                operations.edit(10, OutboxEdit.ofPayload(new byte[0]), ORDER))) {
            assertThat(second.outcome()).isEqualTo(Outcome.RELEASED);
            assertThat(second.said()).contains("position 10").contains("released already");
        }
        assertThat(database.count("saga_parked")).isEqualTo(1);
        assertThat(database.count("saga_outbox_audit")).isEqualTo(1);
        assertThat(wakes).hasValue(1);
    }

    @Test
    void an_order_about_a_record_that_is_gone_or_waits_behind_another_says_so() {
        refused(10, "orders", "k");
        follower(11, "orders", "k");

        assertThat(operations.discard(9, ORDER).outcome()).isEqualTo(Outcome.NOT_FOUND);
        VerbResult follower = operations.discard(11, ORDER);
        assertThat(follower.outcome()).isEqualTo(Outcome.WAITS_BEHIND);
        assertThat(follower.said()).contains("behind position 10");
        operations.discard(10, ORDER);
        assertThat(operations.discard(10, ORDER).outcome()).isEqualTo(Outcome.NOT_FOUND);
        assertThat(database.count("saga_parked")).isEqualTo(1);
    }

    @Test
    void the_audit_tells_who_did_what_why_and_keeps_a_discarded_record_as_it_was() {
        UUID id = refused(10, "orders", "k");

        operations.discard(10, ORDER);

        assertThat(database.count("saga_parked")).isZero();
        Map<String, Object> audit = jdbc.queryForMap("select * from saga_outbox_audit");
        assertThat(audit)
                .containsEntry("verb", "discard")
                .containsEntry("operator", "ann")
                .containsEntry("why", "ticket 7")
                .containsEntry("position", 10L)
                .containsEntry("message_id", id)
                .containsEntry("aggregatetype", "orders")
                .containsEntry("aggregateid", "k")
                .containsEntry("type", "noted")
                .containsEntry("reason_code", "RECORD_TOO_LARGE")
                .containsEntry("refusal", "too large")
                .containsEntry("payload", bytes("before"))
                .containsEntry("headers", headers());
        assertThat(audit.get("at")).isNotNull();
    }

    @Test
    void an_edit_replaces_what_it_names_and_the_audit_keeps_what_was_there() {
        UUID id = refused(10, "orders", "k");

        operations.edit(10, OutboxEdit.ofPayload(bytes("after")), ORDER);

        assertThat(jdbc.queryForMap("select * from saga_parked"))
                .containsEntry("position", 10L)
                .containsEntry("id", id)
                .containsEntry("aggregatetype", "orders")
                .containsEntry("aggregateid", "k")
                .containsEntry("payload", bytes("after"))
                .containsEntry("headers", headers());
        assertThat(jdbc.queryForMap("select * from saga_outbox_audit"))
                .containsEntry("verb", "edit")
                .containsEntry("payload", bytes("before"));
    }

    @Test
    void an_unparked_record_s_payload_is_not_copied_to_the_audit() {
        refused(10, "orders", "k");
        operations.unpark(10, ORDER);
        assertThat(jdbc.queryForMap("select * from saga_outbox_audit"))
                .containsEntry("verb", "unpark")
                .containsEntry("payload", null);
    }

    @Test
    void nothing_unsendable_is_stored_and_the_key_stays_blocked() {
        refused(10, "orders", "k");

        VerbResult tooLarge = operations.edit(10, OutboxEdit.ofPayload(new byte[2_000]), ORDER);
        VerbResult noTopic = operations.edit(10, OutboxEdit.ofTopic("no such?topic"), ORDER);

        assertThat(tooLarge.outcome()).isEqualTo(Outcome.UNSENDABLE);
        assertThat(tooLarge.said()).contains("the limit is 1000");
        assertThat(noTopic.outcome()).isEqualTo(Outcome.UNSENDABLE);
        assertThat(jdbc.queryForObject("select blocked_by from saga_parked_key", Long.class))
                .isEqualTo(10);
        assertThat(database.count("saga_outbox_audit")).isZero();
    }

    @Test
    void damaged_headers_are_mended_by_replacing_them() {
        refused(10, "orders", "k");
        jdbc.update("update saga_parked set headers = '\\x0102'::bytea");

        VerbResult kept = operations.edit(10, OutboxEdit.ofPayload(bytes("after")), ORDER);
        assertThat(kept.outcome()).isEqualTo(Outcome.UNSENDABLE);
        assertThat(kept.said()).contains("Replace the headers too");

        assertThat(operations
                        .edit(10, OutboxEdit.ofHeaders(Map.of("a", bytes("b"))), ORDER)
                        .outcome())
                .isEqualTo(Outcome.DONE);
        assertThat(inspection.headers(10).orElseThrow()).containsOnlyKeys("a");
    }

    @Test
    void a_record_moves_to_another_topic_unless_that_has_parked_records_of_its_key() {
        refused(10, "orders", "k");
        refused(12, "bills", "k");

        VerbResult taken = operations.edit(10, OutboxEdit.ofTopic("bills"), ORDER);
        assertThat(taken.outcome()).isEqualTo(Outcome.TARGET_PARKED);
        assertThat(taken.said()).contains("bills").contains("edit position 10 once they are published");
        assertThat(database.count("saga_outbox_audit")).isZero();

        operations.edit(10, OutboxEdit.ofTopic("offers"), ORDER);
        assertThat(jdbc.queryForList(
                        "select aggregatetype from saga_parked_key where blocked_by is null order by 1", String.class))
                .containsExactly("offers", "orders");
        assertThat(jdbc.queryForObject("select aggregatetype from saga_parked where position = 10", String.class))
                .isEqualTo("offers");
    }

    @Test
    void all_records_of_a_topic_or_reason_are_released_or_dropped_at_once_up_to_a_limit() {
        for (int i = 0; i < 5; i++) {
            refused(10 + i, "orders", "k" + i);
        }
        refused(20, "bills", "k");

        assertThat(operations.unparkAll(ParkedFilter.ofTopic("orders"), 2, ORDER))
                .isEqualTo(2);
        assertThat(operations.unparkAll(ParkedFilter.ofTopic("orders"), 100, ORDER))
                .isEqualTo(3);
        assertThat(operations.unparkAll(ParkedFilter.ofReason("UNKNOWN_TOPIC"), 100, ORDER))
                .isZero();
        assertThat(operations.discardAll(ParkedFilter.ofReason("RECORD_TOO_LARGE"), 100, ORDER))
                .isEqualTo(1);

        assertThat(jdbc.queryForList("select position from saga_parked order by 1", Long.class))
                .containsExactly(10L, 11L, 12L, 13L, 14L);
        assertThat(database.count("saga_parked_key where blocked_by is not null"))
                .isZero();
        assertThat(database.count("saga_outbox_audit")).isEqualTo(6);
        assertThatThrownBy(() -> operations.discardAll(ParkedFilter.ALL, 100, ORDER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("can't be undone");
    }

    @Test
    void an_order_takes_part_in_the_callers_transaction() {
        refused(10, "orders", "k");
        database.transaction().executeWithoutResult(status -> {
            operations.discard(10, ORDER);
            status.setRollbackOnly();
        });
        assertThat(database.count("saga_parked")).isEqualTo(1);
        assertThat(database.count("saga_outbox_audit")).isZero();
    }

    @Test
    void an_order_names_its_operator_and_says_why() {
        assertThatThrownBy(() -> new Order("ann", " ")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Order("", "because")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void parked_records_are_listed_page_by_page_with_their_followers_and_without_their_payload() {
        refused(10, "orders", "a");
        follower(11, "orders", "a");
        follower(13, "orders", "a");
        refused(12, "orders", "b");
        refused(14, "bills", "a");

        List<ParkedRecord> first = inspection.parked(ParkedFilter.ofTopic("orders"), 0, 1);
        assertThat(first).extracting(ParkedRecord::position).containsExactly(10L);
        assertThat(first.get(0).followers()).isEqualTo(2);
        assertThat(first.get(0).reason()).isEqualTo("too large");
        assertThat(first.toString()).doesNotContain("before");
        assertThat(inspection.parked(ParkedFilter.ofTopic("orders"), 10, 10))
                .extracting(ParkedRecord::position)
                .containsExactly(12L);
        assertThat(inspection.parked(new ParkedFilter(null, "a", null), 0, 10))
                .extracting(ParkedRecord::position)
                .containsExactly(10L, 14L);
        assertThat(inspection.figures()).isEqualTo(new OutboxFigures(Duration.ZERO, 3));
        assertThat(inspection.payload(11)).hasValue(bytes("before"));
        assertThat(inspection.payload(99)).isEmpty();
        assertThat(OutboxEdit.ofPayload(bytes("secret")).toString()).doesNotContain("secret");
    }

    private UUID refused(long position, String topic, String key) {
        jdbc.update(
                "insert into saga_parked_key (aggregatetype, aggregateid, bucket, blocked_by) values (?, ?, 1, ?)",
                topic,
                key,
                position);
        return insert(position, topic, key, "RECORD_TOO_LARGE");
    }

    private void follower(long position, String topic, String key) {
        insert(position, topic, key, null);
    }

    private UUID insert(long position, String topic, String key, @Nullable String reasonCode) {
        UUID id = UUID.randomUUID();
        jdbc.update(
                """
                insert into saga_parked (position, id, aggregatetype, aggregateid, type, payload, headers, bucket, xid,
                                         created_at, reason_code, reason)
                values (?, ?, ?, ?, 'noted', ?, ?, 1, '5', now(), ?, ?)""",
                position,
                id,
                topic,
                key,
                bytes("before"),
                headers(),
                reasonCode,
                reasonCode == null ? null : "too large");
        return id;
    }

    private static byte[] headers() {
        return HeaderCodec.encode(Map.of("ce_id", bytes("1")));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
