package io.amends.runtime.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.Bench;
import io.amends.runtime.TestDatabase;
import io.amends.runtime.retention.SagaRetention.What;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SagaRetentionTest {

    private static final Duration SAGAS = Duration.ofDays(90);
    private static final Duration BARRIER = Duration.ofDays(180);

    private static TestDatabase database;

    private final Bench bench = new Bench(database);
    private final Rows rows = new Rows(database);
    private final SagaRetention retention = retention(SAGAS, BARRIER, 100);

    @BeforeAll
    static void open() {
        database = TestDatabase.create();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void clear() {
        database.clear();
    }

    private SagaRetention retention(@Nullable Duration sagas, @Nullable Duration barrier, int batch) {
        return new SagaRetention(
                bench.jdbc, bench.transactions, new RetentionSettings(sagas, barrier, batch), true, true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"COMPLETED", "COMPENSATED"})
    void a_saga_that_ended_long_ago_goes_with_all_its_rows_and_the_audit_stays(String phase) {
        UUID old = rows.saga(phase, 91);
        database.jdbc()
                .update(
                        "insert into saga_audit (saga_id, verb, operator, reason, outcome) values (?, 'retry', 'ann', 'why', 'DONE')",
                        old);
        database.jdbc()
                .update(
                        "insert into saga_waiting_reply (topic, partition_no, offset_no, saga_id, headers) values ('t', 0, 1, ?, '')",
                        old);

        retention.removeAll();

        assertThat(List.of("saga_instance", "saga_step", "saga_history", "saga_waiting_reply"))
                .allSatisfy(table -> assertThat(rows.rows(table, old)).as(table).isZero());
        assertThat(rows.rows("saga_audit", old)).isEqualTo(1);
        assertThat(retention.removed(What.SAGAS)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RUNNING", "COMPENSATING", "STUCK"})
    void a_saga_that_has_not_ended_stays_however_old_it_is(String phase) {
        UUID unfinished = rows.saga(phase, 4000);

        retention.removeAll();

        assertThat(rows.exists(unfinished)).isTrue();
        assertThat(rows.rows("saga_step", unfinished)).isEqualTo(2);
        assertThat(rows.rows("saga_history", unfinished)).isEqualTo(3);
    }

    @Test
    void a_saga_that_is_paused_or_changed_lately_stays() {
        UUID young = rows.saga("COMPLETED", 89);
        UUID paused = rows.saga("COMPLETED", 91);
        UUID changed = rows.saga("COMPLETED", 91);
        database.jdbc().update("update saga_instance set pause_reason = 'wait' where saga_id = ?", paused);
        database.jdbc().update("update saga_instance set updated_at = clock_timestamp() where saga_id = ?", changed);

        retention.removeAll();

        assertThat(Stream.of(young, paused, changed)).allMatch(rows::exists);
    }

    @Test
    void without_a_retention_everything_stays() {
        UUID old = rows.saga("COMPLETED", 4000);
        rows.action("stock", old, 4000);
        SagaRetention none = retention(null, null, 100);

        none.removeAll();

        assertThat(none.removesAnything()).isFalse();
        assertThat(rows.exists(old)).isTrue();
        assertThat(rows.rows("saga_inbox_command", old)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RUNNING", "COMPENSATING", "STUCK"})
    void a_child_stays_while_its_parent_has_not_ended(String phase) {
        UUID parent = rows.saga(phase, 200);
        UUID child = rows.saga("COMPLETED", 199);
        rows.child(child, parent);

        retention.removeAll();

        assertThat(Stream.of(child, parent)).allMatch(rows::exists);
        assertThat(rows.rows("saga_sub_saga", child)).isEqualTo(1);
    }

    @Test
    void a_child_stays_until_its_parent_is_old_too() {
        UUID parent = rows.saga("COMPENSATED", 10);
        UUID child = rows.saga("COMPENSATED", 199);
        rows.child(child, parent);

        retention.removeAll();

        assertThat(Stream.of(child, parent)).allMatch(rows::exists);
    }

    @Test
    void a_family_stays_as_long_as_one_child_has_not_ended_since_the_parent_may_be_reopened() {
        UUID parent = rows.saga("COMPLETED", 200);
        UUID ended = rows.saga("COMPLETED", 199);
        UUID stuck = rows.saga("STUCK", 199);
        rows.child(ended, parent);
        rows.child(stuck, parent);

        retention.removeAll();
        retention.removeAll();

        assertThat(Stream.of(ended, stuck, parent)).allMatch(rows::exists);
    }

    @Test
    void a_whole_family_goes_children_first() {
        UUID parent = rows.saga("COMPLETED", 200);
        UUID child = rows.saga("COMPLETED", 199);
        UUID grandchild = rows.saga("COMPLETED", 198);
        rows.child(child, parent);
        rows.child(grandchild, child);

        retention.removeAll();
        assertThat(Stream.of(parent, child)).allMatch(rows::exists);
        assertThat(rows.exists(grandchild)).isFalse();
        retention.removeAll();
        retention.removeAll();

        assertThat(database.count("saga_instance")).isZero();
        assertThat(database.count("saga_sub_saga")).isZero();
    }

    @Test
    void the_child_of_another_services_saga_stays_as_long_as_the_command_that_started_it() {
        UUID young = rows.saga("COMPLETED", 170);
        UUID old = rows.saga("COMPLETED", 181);
        rows.child(young, UUID.randomUUID());
        rows.child(old, UUID.randomUUID());

        retention(SAGAS, null, 100).removeAll();
        assertThat(Stream.of(young, old)).allMatch(rows::exists);
        retention.removeAll();

        assertThat(rows.exists(young)).isTrue();
        assertThat(rows.exists(old)).isFalse();
    }

    @Test
    void what_a_participant_remembers_of_a_saga_goes_when_all_of_it_is_old() {
        UUID old = Rows.idOf(Duration.ofDays(182));
        UUID late = Rows.idOf(Duration.ofDays(182));
        rows.action("stock", old, 181);
        rows.action("stock", late, 181);
        rows.command("stock", late, "one", "compensation", 10, "SUCCESS");
        rows.action("payment", late, 181);
        deferred("stock", old);

        retention.removeAll();

        assertThat(rows.rows("saga_inbox_command", old)).isZero();
        assertThat(rows.rows("saga_deferred_reply", old)).isZero();
        assertThat(database.texts(
                        "select participant || ' ' || kind from saga_inbox_command where saga_id = ? order by 1", late))
                .containsExactly("stock action", "stock compensation");
        assertThat(retention.removed(What.COMMANDS)).isEqualTo(2);
    }

    @Test
    void what_a_participant_remembers_stays_while_anything_here_shows_that_the_saga_is_not_over() {
        UUID open = remembered(Rows.idOf(Duration.ofDays(400)));
        rows.command("stock", open, "two", "action", 399, null);
        UUID running = remembered(rows.saga("RUNNING", 400));
        UUID stuck = remembered(rows.saga("STUCK", 400));
        UUID tried = remembered(Rows.idOf(Duration.ofDays(400)));
        database.jdbc().update("""
                insert into saga_inbox_redelivery (participant, saga_id, step, kind, topic, partition_no, offset_no, headers,
                                                   attempts, next_attempt_at, error)
                values ('stock', ?, 'one', 'compensation', 't', 0, 1, '', 1, clock_timestamp(), 'no')""", tried);
        UUID holding = remembered(Rows.idOf(Duration.ofDays(400)));
        database.jdbc().update("""
                insert into saga_semantic_lock (resource_type, resource_id, owner_saga, participant, step, acquired_at, touched)
                values ('room', ?, ?, 'stock', 'one', clock_timestamp(), 1)""", holding.toString(), holding);
        UUID byHand = remembered(rows.saga("COMPENSATED", 89));
        database.jdbc().update("update saga_instance set reason_code = 'RESOLVED_BY_HAND' where saga_id = ?", byHand);
        UUID over = remembered(rows.saga("COMPLETED", 400));

        retention.removeAll();

        assertThat(database.jdbc().queryForList("select distinct saga_id from saga_inbox_command", UUID.class))
                .containsExactlyInAnyOrder(open, running, stuck, tried, holding, byHand)
                .doesNotContain(over);
    }

    @Test
    void notes_of_locks_that_operators_took_go_with_the_barriers_rows() {
        for (int days : List.of(181, 179)) {
            database.jdbc().update("""
                    insert into saga_semantic_lock_release (resource_type, resource_id, owner_saga, acquired_at, released_by,
                                                            reason, released_at)
                    values ('room', '1', ?, clock_timestamp(), 'ann', 'why', clock_timestamp() - ? * interval '1 day')""", UUID.randomUUID(), days);
        }

        retention.removeAll();

        assertThat(database.count("saga_semantic_lock_release")).isEqualTo(1);
        assertThat(retention.removed(What.LOCK_RELEASES)).isEqualTo(1);
    }

    @Test
    void a_backlog_goes_in_bounded_transactions_past_what_must_stay() {
        UUID stuck = rows.saga("STUCK", 500);
        for (int i = 0; i < 25; i++) {
            rows.action("stock", rows.saga("COMPLETED", 400 - i), 390);
        }
        SagaRetention small = retention(SAGAS, BARRIER, 4);
        long most = 0;
        for (boolean more = true; more; ) {
            long before = small.removed(What.SAGAS) + small.removed(What.COMMANDS);
            more = small.removeSome();
            most = Math.max(most, small.removed(What.SAGAS) + small.removed(What.COMMANDS) - before);
        }

        assertThat(most).isEqualTo(4);
        assertThat(small.removed(What.SAGAS)).isEqualTo(25);
        assertThat(small.removed(What.COMMANDS)).isEqualTo(25);
        assertThat(rows.exists(stuck)).isTrue();
    }

    @Test
    void what_must_stay_for_its_familys_sake_is_not_locked() {
        UUID foreign = rows.saga("COMPLETED", 170);
        rows.child(foreign, UUID.randomUUID());
        UUID parent = rows.saga("STUCK", 200);
        UUID child = rows.saga("COMPLETED", 199);
        rows.child(child, parent);
        UUID grandchild = rows.saga("COMPLETED", 10);
        rows.child(grandchild, child);

        retention.removeAll();

        assertThat(Stream.of(foreign, parent, child, grandchild)).allMatch(rows::exists);
        assertThat(database.texts("select xmax::text from saga_instance")).containsOnly("0");
    }

    @Test
    void a_batch_that_takes_too_long_is_halved_until_it_is_in_time_and_grows_again() {
        for (int i = 0; i < 40; i++) {
            rows.saga("COMPLETED", 200);
        }
        database.jdbc().execute("""
                create function slowly() returns trigger language plpgsql as $$
                begin perform pg_sleep(0.05); return old; end $$""");
        database.jdbc()
                .execute("create trigger slow before delete on saga_instance for each row execute function slowly()");
        SagaRetention slow = new SagaRetention(
                new ShortTransactions(bench.jdbc, bench.transactions, Duration.ofMillis(500)),
                new RetentionSettings(SAGAS, null, 32),
                true,
                false);
        try {
            slow.removeAll();
        } finally {
            database.jdbc().execute("drop function slowly cascade");
        }

        assertThat(slow.removed(What.SAGAS)).isEqualTo(40);
        assertThat(database.count("saga_instance")).isZero();
    }

    private UUID remembered(UUID saga) {
        rows.action("stock", saga, 399);
        return saga;
    }

    private void deferred(String participant, UUID saga) {
        database.jdbc().update("""
                insert into saga_deferred_reply (token, participant, saga_id, step, kind, command_type, saga_name, saga_version,
                                                 sequence, hlc)
                values (?, ?, ?, 'one', 'action', 'c', 'place-order', 1, '1', 1)""", UUID.randomUUID().toString(), participant, saga);
    }
}
