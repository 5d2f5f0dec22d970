package io.amends.outbox.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.amends.outbox.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Segments are emptied once all in them is published, and never before; nobody waits for it. */
class SegmentsTest {

    private final TestDatabase database = TestDatabase.migrated();
    private final Segments segments = new Segments(new RelayConnections(database.dataSource()));

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void only_segments_whose_rows_are_all_published_are_emptied_and_not_the_one_in_use_or_the_next()
            throws SQLException {
        for (int segment = 0; segment < 8; segment++) {
            append(segment);
        }
        assertThat(segments.rotate()).isEmpty();

        awaitTheSameForSeconds();
        int now = database.jdbc()
                .queryForObject("select (date_part('epoch', clock_timestamp())::bigint >> 6) & 7", Integer.class);
        publishAll();
        append((now + 4) % 8);
        List<Integer> emptied = segments.rotate();

        assertThat(emptied).hasSizeBetween(4, 5).doesNotContain(now, (now + 4) % 8);
        assertThat(database.count("saga_outbox")).isEqualTo(9 - emptied.size());
        assertThat(database.count("saga_outbox_pending")).isEqualTo(1);
    }

    /** Each minute another segment comes into use. */
    private void awaitTheSameForSeconds() {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> database.jdbc()
                        .queryForObject(
                                "select (date_part('epoch', clock_timestamp())::bigint & 63) < 58", Boolean.class));
    }

    @Test
    void one_that_somebody_holds_is_skipped_at_once_and_emptied_the_next_time() throws SQLException {
        int other = other();
        append(other);
        publishAll();
        try (Connection holder = database.dataSource().getConnection();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("lock table saga_outbox_" + other + " in access share mode");
            assertThat(segments.rotate()).isEmpty();
            holder.rollback();
        }
        assertThat(segments.rotate()).containsExactly(other);
    }

    @Test
    void who_appends_while_one_is_being_emptied_does_not_wait_for_it() throws SQLException {
        int other = other();
        append(other);
        publishAll();
        try (Connection emptying = database.dataSource().getConnection();
                Statement statement = emptying.createStatement()) {
            emptying.setAutoCommit(false);
            statement.execute("select saga_outbox_truncate(" + other + ")");

            database.jdbc().execute("set lock_timeout = '2s'; " + insert((other() + 4) & 7));
            emptying.commit();
        }
        assertThat(database.count("saga_outbox")).isEqualTo(1);
        assertThat(database.count("saga_outbox_pending")).isEqualTo(1);
    }

    @Test
    void a_row_whose_transaction_is_in_doubt_is_not_lost() throws SQLException {
        int other = other();
        append(other);
        try (Connection writer = database.dataSource().getConnection();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute(insert(other));
            statement.execute("prepare transaction 'in-doubt-" + database.hashCode() + "'");
            writer.setAutoCommit(true);
            publishAll();
            assertThat(segments.rotate()).isEmpty();

            statement.execute("commit prepared 'in-doubt-" + database.hashCode() + "'");
            assertThat(segments.rotate()).isEmpty();
            assertThat(database.count("saga_outbox_pending")).isEqualTo(1);
        }
    }

    /** They have been moved elsewhere before, with all that they have. */
    @Test
    void what_is_parked_stays_when_its_segment_is_emptied() throws SQLException {
        int other = other();
        append(other);
        append(other);
        List<String> ids = ids("saga_outbox");
        database.jdbc().update("update saga_lane set owner = 'me', epoch = 7");
        Lease lease = new Lease(0, "me", 7);
        ParkingLot lot = new ParkingLot(new RelayConnections(database.dataSource()));
        lot.park(lease, List.of(new ParkingLot.Refusal(1, "RECORD_TOO_LARGE", "as a test has it")));
        lot.follow(lease, List.of(2L));
        publishAll();

        assertThat(segments.rotate()).containsExactly(other);

        assertThat(database.count("saga_outbox")).isZero();
        assertThat(ids("saga_parked")).isEqualTo(ids).hasSize(2);
    }

    private List<String> ids(String table) {
        return database.jdbc().queryForList("select id::text from " + table + " order by position", String.class);
    }

    @Test
    void of_several_lanes_the_slowest_decides() throws SQLException {
        database.jdbc().queryForList("select saga_outbox_set_lanes(2)");
        int other = other();
        append(other);
        database.jdbc().update("update saga_lane set published_to = pg_current_snapshot() where lane = 0");
        assertThat(segments.rotate()).isEmpty();
        publishAll();
        assertThat(segments.rotate()).containsExactly(other);
    }

    @Test
    void the_oldest_message_is_known_however_many_published_ones_are_there_still() {
        append(0);
        publishAll();
        assertThat(oldest()).isNull();
        append(1);
        append(2);
        assertThat(oldest())
                .isEqualTo(database.jdbc().queryForObject("select created_at from saga_outbox_1", Object.class));
        database.jdbc()
                .update(
                        "update saga_lane set cut_to = pg_current_snapshot(), cut_position = (select position from saga_outbox_1)");
        assertThat(oldest())
                .isEqualTo(database.jdbc().queryForObject("select created_at from saga_outbox_2", Object.class));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 256})
    void a_row_of_a_bucket_that_no_lane_reads_is_refused_when_it_is_written(int bucket) {
        assertThatThrownBy(() -> database.jdbc().update(insert(0).replace("'', 0,", "'', " + bucket + ",")))
                .hasMessageContaining("saga_outbox_bucket");
    }

    private Object oldest() {
        return database.jdbc()
                .queryForList("select min(oldest) as oldest from saga_outbox_waiting(1)")
                .get(0)
                .get("oldest");
    }

    /** A segment that is neither in use nor the next for the rest of the test. */
    private int other() {
        return database.jdbc()
                .queryForObject("select ((date_part('epoch', clock_timestamp())::bigint >> 6) + 4) & 7", Integer.class);
    }

    private void append(int segment) {
        database.jdbc().update(insert(segment));
    }

    private static String insert(int segment) {
        return "insert into saga_outbox (id, aggregatetype, aggregateid, type, payload, headers, bucket, segment)"
                + " values (gen_random_uuid(), 'orders', 'k', 'noted', '', '', 0, " + segment + ")";
    }

    private void publishAll() {
        database.jdbc().update("update saga_lane set published_to = pg_current_snapshot()");
    }
}
