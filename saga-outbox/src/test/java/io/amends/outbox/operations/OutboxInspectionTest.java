package io.amends.outbox.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.outbox.AppendListener;
import io.amends.outbox.JdbcOutbox;
import io.amends.outbox.OutboxLimits;
import io.amends.outbox.TestDatabase;
import io.amends.outbox.operations.SegmentState.Emptying;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

class OutboxInspectionTest {

    private final TestDatabase database = TestDatabase.migrated();
    private final JdbcTemplate jdbc = database.jdbc();
    private final OutboxInspection inspection = new OutboxInspection(jdbc);
    private final OldTransactions old = new OldTransactions(jdbc);

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void a_lane_tells_its_owner_its_lease_and_what_waits_counted_up_to_a_limit() {
        append(5);
        LaneState free = inspection.lanes(100).get(0);
        assertThat(free.owner()).isNull();
        assertThat(free.leaseLeft()).isNull();
        assertThat(free.waiting()).isEqualTo(5);
        assertThat(free.oldest()).isLessThan(Duration.ofMinutes(1));
        assertThat(free.isAll()).isTrue();
        assertThat(inspection.lanes(5).get(0))
                .extracting(LaneState::waiting, LaneState::isAll)
                .containsExactly(5L, true);
        assertThat(inspection.lanes(3).get(0))
                .extracting(LaneState::waiting, LaneState::isAll)
                .containsExactly(3L, false);

        jdbc.update("insert into saga_relay (owner, alive_until) values ('one', clock_timestamp() + interval '9 s')");
        jdbc.update(
                "update saga_lane set owner = 'one', epoch = 7, lease_until = clock_timestamp() + interval '9 s', published_to = pg_current_snapshot()");
        LaneState held = inspection.lanes(100).get(0);
        assertThat(held.owner()).isEqualTo("one");
        assertThat(held.epoch()).isEqualTo(7);
        assertThat(held.leaseLeft()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(9));
        assertThat(held.waiting()).isZero();
        assertThat(held.oldest()).isNull();
        assertThat(inspection.relays()).extracting(RelayState::owner).containsExactly("one");
    }

    @Test
    void what_waits_behind_a_cut_is_counted() {
        append(6);
        jdbc.update(
                "update saga_lane set cut_to = pg_current_snapshot(), cut_position = (select min(position) + 1 from saga_outbox)");
        LaneState lane = inspection.lanes(100).get(0);
        assertThat(lane.waiting()).isEqualTo(4);
        assertThat(lane.cutPosition()).isNotNull();
        assertThat(lane.isAll())
                .as("of a backlog it is known how many wait at least")
                .isFalse();
    }

    @Test
    void what_waits_behind_a_refused_record_is_counted_up_to_a_limit() {
        jdbc.update(
                "insert into saga_parked_key (aggregatetype, aggregateid, bucket, blocked_by) values ('letters', 'k', 1, 1)");
        jdbc.update(
                "insert into saga_parked (position, id, aggregatetype, aggregateid, type, payload, headers, bucket, xid, created_at)"
                        + " select n, gen_random_uuid(), 'letters', 'k', 'letter', '', '', 1, '5', now()"
                        + " from generate_series(1, 10300) n");

        assertThat(inspection.parked(ParkedFilter.ALL, 0, 10))
                .extracting(ParkedRecord::followers)
                .containsExactly(10_000L);
    }

    @Test
    void a_segment_can_be_emptied_once_it_is_published_and_nobody_has_a_lock_on_it() throws Exception {
        int segment = appendToAnIdleSegment();
        assertThat(emptying(segment)).isEqualTo(Emptying.UNPUBLISHED);

        jdbc.update("update saga_lane set published_to = pg_current_snapshot()");
        assertThat(emptying(segment)).isEqualTo(Emptying.POSSIBLE);

        try (Connection reader = database.dataSource().getConnection();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("select count(*) from saga_outbox_" + segment);
            SegmentState locked = inspection.segments().get(segment);
            assertThat(locked.emptying()).isEqualTo(Emptying.LOCKED);
            assertThat(locked.why()).contains("session ");
            assertThat(jdbc.queryForObject("select saga_outbox_truncate(?)", String.class, segment))
                    .isEqualTo("LOCKED");
            reader.rollback();
        }
        assertThat(jdbc.queryForObject("select saga_outbox_truncate(?)", String.class, segment))
                .isEqualTo("TRUNCATED");
        assertThat(emptying(segment)).isEqualTo(Emptying.EMPTY);
    }

    @Test
    void a_session_that_keeps_a_transaction_open_is_told_of_with_the_segments_it_holds() throws Exception {
        int segment = appendToAnIdleSegment();
        try (Connection holder = database.dataSource().getConnection();
                Statement statement = holder.createStatement()) {
            statement.execute("set application_name = 'report'");
            holder.setAutoCommit(false);
            statement.execute("select pg_current_xact_id()");
            statement.execute("select count(*) from saga_outbox_" + segment);

            Holder found = old.holders(Duration.ZERO).stream()
                    .filter(one -> one.application().equals("report"))
                    .findFirst()
                    .orElseThrow();
            assertThat(found.segments()).containsExactly(segment);
            assertThat(found.holdsVacuum()).isTrue();
            assertThat(found.here()).isTrue();
            assertThat(found.state()).isEqualTo("idle in transaction");
            assertThat(old.sentences(Duration.ZERO))
                    .anySatisfy(sentence -> assertThat(sentence)
                            .contains(
                                    "keeps segment " + segment + " from being emptied and vacuum from removing rows"));
            assertThat(old.holders(Duration.ofHours(1)))
                    .noneMatch(one -> one.application().equals("report"));
            holder.rollback();
            statement.execute("reset application_name");
        }
    }

    @Test
    void a_prepared_transaction_that_appended_is_told_of_with_its_segment() throws Exception {
        String gid = "ops-" + UUID.randomUUID();
        try (Connection branch = database.dataSource().getConnection();
                Statement statement = branch.createStatement()) {
            branch.setAutoCommit(false);
            outbox().appendTo(branch, List.of(TestDatabase.message("k")));
            statement.execute("prepare transaction '%s'".formatted(gid));
        }
        try {
            Holder found = old.holders(Duration.ZERO).stream()
                    .filter(one -> one.name().equals(gid))
                    .findFirst()
                    .orElseThrow();
            assertThat(found.kind()).isEqualTo(Holder.Kind.PREPARED);
            assertThat(found.segments()).hasSize(1);
            assertThat(found.sentence())
                    .startsWith("Prepared transaction '%s'".formatted(gid))
                    .contains("keeps segment " + found.segments().get(0) + " from being emptied");
            assertThat(inspection.segments().get(found.segments().get(0)).bytes())
                    .isPositive();
        } finally {
            jdbc.execute("rollback prepared '%s'".formatted(gid));
        }
    }

    @Test
    void a_role_that_may_not_see_other_sessions_is_told_how_many_are_hidden() throws Exception {
        String role = "blind_" + UUID.randomUUID().toString().replace("-", "");
        jdbc.execute("create role " + role);
        try (Connection other = database.dataSource().getConnection();
                Connection blind = database.dataSource().getConnection();
                Statement statement = blind.createStatement()) {
            assertThat(other.isValid(5)).isTrue();
            statement.execute("set role " + role);
            OldTransactions seen = new OldTransactions(new JdbcTemplate(new SingleConnectionDataSource(blind, true)));
            assertThat(seen.sentences(Duration.ZERO))
                    .last()
                    .asString()
                    .contains("hidden", "grant it pg_read_all_stats");
            statement.execute("reset role");
        } finally {
            jdbc.execute("drop role " + role);
        }
        assertThat(old.sentences(Duration.ofDays(1))).noneMatch(sentence -> sentence.contains("hidden"));
    }

    private Emptying emptying(int segment) {
        return inspection.segments().get(segment).emptying();
    }

    private JdbcOutbox outbox() {
        return new JdbcOutbox(database.dataSource(), OutboxLimits.DEFAULT, AppendListener.NONE);
    }

    private void append(int messages) {
        JdbcOutbox outbox = outbox();
        database.transaction().executeWithoutResult(status -> {
            for (int i = 0; i < messages; i++) {
                outbox.append(TestDatabase.message("k" + i));
            }
        });
    }

    /** One that is not written while the test runs. */
    private int appendToAnIdleSegment() {
        Integer segment = jdbc.queryForObject(
                "select (((date_part('epoch', clock_timestamp())::bigint >> 6) + 4) & 7)::int", Integer.class);
        jdbc.update("""
                insert into saga_outbox (id, aggregatetype, aggregateid, type, payload, headers, bucket, segment)
                select gen_random_uuid(), 'orders', n::text, 'noted', '', '', 0, ? from generate_series(1, 300) n""", segment);
        return segment;
    }
}
