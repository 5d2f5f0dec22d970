package io.amends.dashboard.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.amends.dashboard.stuck.StuckReason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the watch over messages that are set aside notes and tells. */
class SetAsideWatchTest extends AlertFixture {

    private static final String REPLIES = "saga.delivery.replies";

    private final List<Alert> told = Collections.synchronizedList(new ArrayList<>());

    private SetAsideWatch setAside() {
        return new SetAsideWatch(office.jdbc, office.transactions, LIMIT, true, told::add);
    }

    private static void quarantine(long offset, String key, String code) {
        office.jdbc.update("""
                insert into saga_inbox_quarantine (topic, partition_no, offset_no, record_key, payload, headers, reason_code, reason)
                values (?, 3, ?, convert_to(?, 'UTF8'), 'a secret', '', ?, 'words of an exception')""", REPLIES, offset, key, code);
    }

    @Test
    void a_message_that_is_set_aside_is_told_once_and_once_more_when_it_is_gone() {
        UUID saga = UUID.randomUUID();
        quarantine(41, saga.toString(), "MALFORMED_PAYLOAD");
        quarantine(42, "no saga's id", "UNKNOWN_SAGA");

        setAside().look();
        setAside().look();

        assertThat(told)
                .extracting(
                        alert -> ((MessageSetAside) alert).place(),
                        Alert::reason,
                        alert -> ((MessageSetAside) alert).code(),
                        alert -> ((MessageSetAside) alert).sagaId())
                .containsExactly(
                        tuple(REPLIES + "-3@41", StuckReason.QUARANTINED_MESSAGE, "MALFORMED_PAYLOAD", saga),
                        tuple(REPLIES + "-3@42", StuckReason.LATE_MESSAGE, "UNKNOWN_SAGA", null));

        told.clear();
        office.jdbc.update("delete from saga_inbox_quarantine where offset_no = 41");
        setAside().look();
        setAside().look();

        assertThat(told).singleElement().isInstanceOfSatisfying(MessageRemoved.class, alert -> {
            assertThat(alert.place()).isEqualTo(REPLIES + "-3@41");
            assertThat(alert.table()).isEqualTo("saga_inbox_quarantine");
            assertThat(alert.reason()).isEqualTo(StuckReason.QUARANTINED_MESSAGE);
        });
        assertThat(office.number("select count(*) from saga_console_told")).isEqualTo(1);
    }

    @Test
    void what_a_handler_threw_at_is_told_by_its_saga_alone() {
        quarantine(1, UUID.randomUUID().toString(), "HANDLER_FAILED");

        setAside().look();

        assertThat(told).isEmpty();
    }

    @Test
    void a_listener_that_gave_a_message_up_is_told_and_the_next_attempt_ends_that() {
        office.jdbc.update("""
                with k as (
                  insert into saga_inbox_parked_key (consumer, topic, key_hash, next_attempt_at)
                  values ('mailing', 'orders', 'a', null), ('mailing', 'orders', 'b', clock_timestamp() + interval '1 hour')
                  returning id)
                insert into saga_inbox_parked (key_id, topic_id, partition, record_offset, record_timestamp, headers, reason)
                select k.id, gen_random_uuid(), 0, o, 0, '', 'threw' from k cross join generate_series(7, 9) o""");

        setAside().look();

        // One for the key: the others wait behind it. The other key is still tried.
        assertThat(told).singleElement().isInstanceOfSatisfying(MessageSetAside.class, alert -> {
            assertThat(alert.table()).isEqualTo("saga_inbox_parked");
            assertThat(alert.place()).isEqualTo("mailing orders-0@7");
            assertThat(alert.code()).isEqualTo("LISTENER_FAILED");
        });
        office.jdbc.update("update saga_inbox_parked_key set next_attempt_at = clock_timestamp()");
        setAside().look();
        assertThat(told).hasSize(2).last().isInstanceOf(MessageRemoved.class);
    }

    @Test
    void what_kafka_refuses_is_told_unless_its_saga_runs_here_and_tells_it_itself() {
        UUID running = office.start("a");
        refused(11, "saga.vans.commands", running.toString());
        refused(12, "saga.delivery.replies", UUID.randomUUID().toString());
        refused(13, "orders", "4711");

        setAside().look();

        assertThat(told)
                .extracting(alert -> ((MessageSetAside) alert).place(), Alert::reason)
                .containsExactlyInAnyOrder(
                        tuple("outbox 12", StuckReason.OUTBOX_BLOCKED), tuple("outbox 13", StuckReason.OUTBOX_BLOCKED));
    }

    private static void refused(long position, String topic, String key) {
        office.jdbc.update("""
                insert into saga_parked (position, id, aggregatetype, aggregateid, type, payload, headers, bucket, xid, created_at,
                                         reason_code, reason)
                values (?, gen_random_uuid(), ?, ?, 't', '', '', 0, pg_current_xact_id(), clock_timestamp(), 'TOO_LARGE', 'r')""", position, topic, key);
        office.jdbc.update(
                "insert into saga_parked_key (aggregatetype, aggregateid, bucket, blocked_by) values (?, ?, 0, ?)",
                topic,
                key,
                position);
    }

    @Test
    void of_many_who_watch_at_once_each_transition_is_told_once() throws Exception {
        office.jdbc.update("""
                insert into saga_inbox_quarantine (topic, partition_no, offset_no, headers, reason_code, reason)
                select 't', 0, o, '', 'UNKNOWN_TYPE', 'r' from generate_series(1, 2500) o""");
        together();
        assertThat(events()).isEqualTo(Map.of("GOT_STUCK", 2_500L));
        office.jdbc.update("delete from saga_inbox_quarantine where offset_no > 500");
        together();

        assertThat(events()).isEqualTo(Map.of("GOT_STUCK", 2_500L, "RECOVERED", 2_000L));
        assertThat(told).extracting(Alert::id).doesNotHaveDuplicates().hasSize(4_500);
        assertThat(office.number("select count(distinct (event, place)) from saga_console_alert"))
                .isEqualTo(4_500);
        assertThat(office.number("""
                select count(*) from saga_console_alert a
                 where (select count(*) from saga_console_delivery d where a.alert_id between d.first_alert and d.last_alert) <> 1""")).as("alerts that are not in one request").isZero();
    }

    private void together() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                SetAsideWatch watch = setAside();
                all.add(threads.submit(() -> {
                    for (int look = 0; look < 10; look++) {
                        watch.look();
                    }
                }));
            }
            for (Future<?> each : all) {
                each.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** What is looked at ends at ten thousand; whoever is beyond is not gone for that. */
    @Test
    void what_is_beyond_the_end_of_the_list_is_not_told_as_gone() {
        office.jdbc.update("""
                insert into saga_inbox_quarantine (topic, partition_no, offset_no, headers, reason_code, reason, quarantined_at)
                select 't', 0, o, '', 'UNKNOWN_TYPE', 'r', clock_timestamp() - interval '1 hour' from generate_series(1, ?) o""", ToldSql.MOST);
        lookUntilDone();
        // They come before all the others.
        office.jdbc.update("""
                insert into saga_inbox_quarantine (topic, partition_no, offset_no, headers, reason_code, reason, quarantined_at)
                select 'u', 0, o, '', 'UNKNOWN_TYPE', 'r', clock_timestamp() - interval '2 hours' from generate_series(1, 200) o""");
        lookUntilDone();
        assertThat(events()).isEqualTo(Map.of("GOT_STUCK", ToldSql.MOST + 200L));

        office.jdbc.update("delete from saga_inbox_quarantine where topic = 'u'");
        lookUntilDone();
        assertThat(events()).isEqualTo(Map.of("GOT_STUCK", ToldSql.MOST + 200L, "RECOVERED", 200L));
    }

    private void lookUntilDone() {
        SetAsideWatch watch = setAside();
        int looks = 0;
        while (watch.look()) {
            assertThat(++looks).as("looks").isLessThan(100);
        }
    }

    private static Map<String, Long> events() {
        return office.jdbc.query("select event, count(*) from saga_console_alert group by event", row -> {
            Map<String, Long> found = new TreeMap<>();
            while (row.next()) {
                found.put(row.getString(1), row.getLong(2));
            }
            return found;
        });
    }
}
