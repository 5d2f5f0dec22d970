package io.amends.dashboard.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.Office;
import io.amends.dashboard.failures.FailureGroup;
import io.amends.dashboard.failures.FailureGroups;
import io.amends.dashboard.failures.GroupChange;
import io.amends.dashboard.failures.GroupNotes;
import io.amends.dashboard.stuck.StuckAllowances;
import io.amends.dashboard.stuck.StuckReason;
import io.amends.dashboard.verbs.ConsoleVerb;
import io.amends.saga.engine.SagaPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What the watch over stuck sagas notes and tells. */
class StuckWatchTest extends AlertFixture {

    private final FailureGroups groups = new FailureGroups(office.depot.reads(), StuckAllowances.DEFAULT);

    @Test
    void a_saga_that_gets_stuck_is_told_once_and_once_more_when_it_is_not_any_longer() {
        UUID id = office.stuck("a");
        StuckWatch watch = watch();

        watch.look();
        watch.look();
        watch().look();

        assertThat(heard).singleElement().isInstanceOfSatisfying(SagaGotStuck.class, alert -> {
            assertThat(alert.sagaId()).isEqualTo(id);
            assertThat(alert.saga()).isEqualTo("delivery");
            assertThat(alert.key()).isEqualTo("a");
            assertThat(alert.step()).isEqualTo("collect");
            assertThat(alert.participant()).isEqualTo("vans");
            assertThat(alert.reason()).isEqualTo(StuckReason.NON_RETRYABLE);
            assertThat(alert.previousReason()).isNull();
            assertThat(alert.noticedAt()).isAfterOrEqualTo(alert.since());
        });
        heard.clear();

        office.verbs.carryOut(office.order(id, new ConsoleVerb.Resolve(SagaPhase.COMPENSATED)));
        watch().look();
        watch.look();

        assertThat(heard).singleElement().isInstanceOfSatisfying(SagaRecovered.class, alert -> {
            assertThat(alert.sagaId()).isEqualTo(id);
            assertThat(alert.reason()).isEqualTo(StuckReason.NON_RETRYABLE);
            assertThat(alert.became()).isEqualTo("COMPENSATED");
        });
        assertThat(office.number("select count(*) from saga_console_alert")).isEqualTo(2);
        assertThat(office.number("select count(*) from saga_console_stuck")).isZero();
    }

    @Test
    void another_reason_is_told_with_the_one_before() {
        UUID id = office.stuck("a");
        StuckWatch watch = watch();
        watch.look();
        heard.clear();

        office.jdbc.update("update saga_instance set reason_code = 'COMPENSATION_FAILED' where saga_id = ?", id);
        watch.look();
        watch.look();

        assertThat(heard).singleElement().isInstanceOfSatisfying(SagaGotStuck.class, alert -> {
            assertThat(alert.reason()).isEqualTo(StuckReason.COMPENSATION_FAILED);
            assertThat(alert.previousReason()).isEqualTo(StuckReason.NON_RETRYABLE);
        });
    }

    @Test
    void one_that_an_operator_pauses_is_not_stuck_and_is_again_afterwards() {
        UUID id = office.stuck("a");
        StuckWatch watch = watch();
        watch.look();
        office.verbs.carryOut(office.order(id, new ConsoleVerb.Pause(null)));
        watch.look();
        office.verbs.carryOut(office.order(id, new ConsoleVerb.Resume()));
        watch.look();

        assertThat(heard).hasSize(3);
        assertThat(heard.get(1))
                .isInstanceOfSatisfying(
                        SagaRecovered.class, alert -> assertThat(alert.became()).isEqualTo("PAUSED"));
        assertThat(heard.get(2)).isInstanceOf(SagaGotStuck.class);
        assertThat(heard).extracting(StuckAlert::id).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void one_that_was_removed_is_told_by_what_was_known_of_it() {
        UUID id = office.stuck("a");
        watch().look();
        office.jdbc.update("delete from saga_instance where saga_id = ?", id);
        watch().look();

        assertThat(heard.get(1)).isInstanceOfSatisfying(SagaRecovered.class, alert -> {
            assertThat(alert.became()).isEqualTo("REMOVED");
            assertThat(alert.key()).isEqualTo("a");
        });
    }

    @Test
    void a_listener_that_throws_keeps_nothing_from_being_noted() {
        stuck(2);
        List<Long> told = new ArrayList<>();
        StuckWatch watch =
                new StuckWatch(office.jdbc, office.transactions, StuckAllowances.DEFAULT, LIMIT, false, alert -> {
                    told.add(alert.id());
                    throw new IllegalStateException("a listener");
                });

        watch.look();

        assertThat(told).hasSize(2);
        assertThat(office.number("select count(*) from saga_console_alert")).isEqualTo(2);
    }

    @Test
    void a_group_that_is_muted_raises_no_alerts_until_it_is_not_any_longer() {
        UUID told = office.stuck("told");
        StuckWatch watch = watch();
        watch.look();
        mute(groups.all(1).get(0));
        heard.clear();
        UUID muted = office.stuck("muted");
        UUID other = office.stuck("other");
        office.jdbc.update("update saga_instance set reason_code = 'COMPENSATION_FAILED' where saga_id = ?", other);

        watch.look();
        assertThat(heard)
                .singleElement()
                .isInstanceOfSatisfying(
                        SagaGotStuck.class, alert -> assertThat(alert.sagaId()).isEqualTo(other));

        // Who was told that it got stuck is told that it recovered.
        office.verbs.carryOut(office.order(told, new ConsoleVerb.Resolve(SagaPhase.COMPENSATED)));
        watch.look();
        assertThat(heard.get(1))
                .isInstanceOfSatisfying(
                        SagaRecovered.class, alert -> assertThat(alert.sagaId()).isEqualTo(told));

        office.jdbc.update("update saga_console_group set muted_until = clock_timestamp()");
        watch.look();
        watch.look();
        assertThat(heard).hasSize(3);
        assertThat(heard.get(2))
                .isInstanceOfSatisfying(
                        SagaGotStuck.class, alert -> assertThat(alert.sagaId()).isEqualTo(muted));
    }

    @Test
    void one_that_recovers_while_its_group_is_muted_is_told_of_not_at_all() {
        UUID id = office.stuck("a");
        mute(groups.all(1).get(0));
        StuckWatch watch = watch();
        watch.look();
        office.verbs.carryOut(office.order(id, new ConsoleVerb.Resolve(SagaPhase.COMPENSATED)));
        watch.look();
        office.jdbc.update("update saga_console_group set muted_until = clock_timestamp()");
        watch.look();

        assertThat(heard).isEmpty();
    }

    @Test
    void many_that_are_muted_do_not_keep_others_from_being_told() {
        many(StuckWatch.MOST + 1, "2 hours");
        mute(groups.all(1).get(0));
        UUID id = office.stuck("a");

        assertThat(watch().look()).isFalse();

        assertThat(heard)
                .singleElement()
                .satisfies(alert -> assertThat(alert.sagaId()).isEqualTo(id));
    }

    private static void mute(FailureGroup group) {
        new GroupNotes(office.depot.reads(), office.jdbc, office.transactions, office.log, UnaryOperator.identity())
                .write(new GroupChange(
                        group.id(),
                        0,
                        null,
                        null,
                        Instant.now().plus(Duration.ofHours(1)),
                        Office.ANN,
                        "we know",
                        null));
    }

    /** What is read ends somewhere; whoever is beyond has not recovered for that. */
    @Test
    void more_than_the_list_holds_are_told_once_each_and_none_of_them_as_recovered() {
        StuckWatch watch = watch(10, 4);
        many(9, "1 hour");
        lookUntilDone(watch);
        assertThat(events()).isEqualTo(Map.of("GOT_STUCK", 9L));

        many(7, "2 hours");
        lookUntilDone(watch);
        for (int i = 0; i < 4; i++) {
            // As many looks as it takes to ask about each of the sixteen.
            watch.look();
        }

        assertThat(events()).isEqualTo(Map.of("GOT_STUCK", 16L));
        office.jdbc.update("update saga_instance set phase = 'COMPLETED', stuck_since = null");
        lookUntilDone(watch);
        assertThat(events()).isEqualTo(Map.of("GOT_STUCK", 16L, "RECOVERED", 16L));
        assertThat(office.number("select count(distinct saga_id) from saga_console_alert"))
                .isEqualTo(16);
    }

    /**
     * The list knows of them that they are tried again and again, and does not come to what keeps their messages: that group is muted.
     * So each of them is asked about, and nothing is noted of any.
     */
    @Test
    void more_that_turn_out_to_be_muted_than_one_look_takes_up_do_not_keep_others_from_being_told() {
        for (int i = 1; i <= 3; i++) {
            UUID id = new UUID(0, i);
            running(id, "parked " + i, "tried = 5");
            step(id, 5, "1 second");
            park(id.toString(), "1 hour");
        }
        mute(groups.all(1).get(0));
        for (int i = 0; i < 3; i++) {
            park(UUID.randomUUID().toString(), "2 hours");
        }
        UUID other = office.stuck("other");
        StuckWatch watch = watch(3, 2);

        watch.look();
        watch.look();

        assertThat(heard)
                .singleElement()
                .satisfies(alert -> assertThat(alert.sagaId()).isEqualTo(other));
    }

    @Test
    void what_falls_out_of_the_list_is_told_neither_as_recovered_nor_as_stuck_for_another_reason() {
        StuckWatch watch = watch(3, 1000);
        UUID parked = running(UUID.randomUUID(), "parked", "tried = 5");
        step(parked, 5, "0");
        park(parked.toString(), "1 hour");
        UUID unreadable = running(UUID.randomUUID(), "unreadable", "tried = null");
        step(unreadable, 1, "2 hours");
        setAside(unreadable.toString(), "1 hour");
        many(2, "1 hour");
        watch.look();
        assertThat(events()).isEqualTo(Map.of("GOT_STUCK", 4L));
        heard.clear();

        // What is older comes before it, and fills the list.
        many(3, "2 hours");
        for (int i = 0; i < 3; i++) {
            park(UUID.randomUUID().toString(), "2 hours");
            setAside(UUID.randomUUID().toString(), "2 hours");
        }
        watch.look();
        watch.look();

        assertThat(events()).isEqualTo(Map.of("GOT_STUCK", 7L));
        assertThat(heard).extracting(StuckAlert::sagaId).doesNotContain(parked, unreadable);
        heard.clear();

        office.jdbc.update("delete from saga_parked_key where aggregateid = ?", parked.toString());
        office.jdbc.update(
                "delete from saga_inbox_quarantine where record_key = convert_to(?, 'UTF8')", unreadable.toString());
        watch.look();

        assertThat(heard).hasSize(2);
        assertThat(heard)
                .anySatisfy(alert -> assertThat(alert).isInstanceOfSatisfying(SagaGotStuck.class, got -> {
                    assertThat(got.sagaId()).isEqualTo(parked);
                    assertThat(got.previousReason()).isEqualTo(StuckReason.OUTBOX_BLOCKED);
                    assertThat(got.reason()).isEqualTo(StuckReason.HOT_RETRY);
                }))
                .anySatisfy(alert -> assertThat(alert)
                        .isInstanceOfSatisfying(
                                SagaRecovered.class,
                                gone -> assertThat(gone.sagaId()).isEqualTo(unreadable)));
    }

    @Test
    void of_more_than_one_look_takes_up_each_is_asked_about_in_its_turn() {
        many(7, "1 hour");
        StuckWatch watch = watch(100, 3);
        lookUntilDone(watch);
        assertThat(events()).isEqualTo(Map.of("GOT_STUCK", 7L));
        many(3, "2 hours");
        StuckWatch other = watch(3, 3);
        lookUntilDone(other);
        heard.clear();

        List<UUID> recovered = office.jdbc.queryForList("""
                update saga_instance set phase = 'COMPLETED', stuck_since = null
                 where saga_id in (select saga_id from saga_console_stuck
                                    where since > clock_timestamp() - interval '90 minutes' order by saga_id desc limit 1)
                returning saga_id""", UUID.class);
        // Seven are not in its list: three looks ask about each of them.
        other.look();
        other.look();
        other.look();

        assertThat(heard).extracting(StuckAlert::sagaId).isEqualTo(recovered);
        assertThat(heard.get(0)).isInstanceOf(SagaRecovered.class);
    }

    private StuckWatch watch(int listed, int most) {
        return new StuckWatch(
                office.jdbc, office.transactions, StuckAllowances.DEFAULT, LIMIT, false, heard::add, listed, most);
    }

    private static UUID running(UUID id, String key, String set) {
        office.jdbc.update("""
                insert into saga_instance (saga_id, saga_name, saga_version, fingerprint, business_key, body_hash, phase,
                                           data, row_version, message_sequence, hlc)
                values (?, 'delivery', 1, 'f', ?, '', 'RUNNING', '', 1, 1, 1)""", id, key);
        office.jdbc.update("update saga_instance set " + set + " where saga_id = ?", id);
        return id;
    }

    private static void step(UUID id, int attempts, String ago) {
        office.jdbc.update("""
                insert into saga_step (saga_id, step, status, participant, attempts, first_sent_at)
                values (?, 'collect', 'SENT', 'vans', ?, clock_timestamp() - ?::interval)""", id, attempts, ago);
    }

    private static void park(String key, String ago) {
        office.jdbc.update("""
                insert into saga_parked_key (aggregatetype, aggregateid, bucket, blocked_by, since)
                values ('saga.vans.commands', ?, 0, 1, clock_timestamp() - ?::interval)""", key, ago);
    }

    private static void setAside(String key, String ago) {
        office.jdbc.update("""
                insert into saga_inbox_quarantine (topic, partition_no, offset_no, record_key, headers, reason_code, reason, quarantined_at)
                select 'saga.delivery.replies', 0, count(*), convert_to(?, 'UTF8'), '', 'MALFORMED_PAYLOAD', '',
                       clock_timestamp() - ?::interval
                  from saga_inbox_quarantine""", key, ago);
    }

    private static void lookUntilDone(StuckWatch watch) {
        int looks = 0;
        while (watch.look()) {
            assertThat(++looks).as("looks").isLessThan(100);
        }
    }

    private static void many(int number, String ago) {
        office.jdbc.update("""
                insert into saga_instance (saga_id, saga_name, saga_version, fingerprint, business_key, body_hash, phase,
                                           reason_code, data, row_version, message_sequence, hlc, stuck_since)
                select gen_random_uuid(), 'delivery', 1, 'f', gen_random_uuid()::text, '', 'STUCK', 'NON_RETRYABLE', '', 1, 1, 1,
                       clock_timestamp() - ?::interval
                  from generate_series(1, ?)""", ago, number);
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
