package io.amends.outbox.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.outbox.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a lane reads, row by row, as transactions come, end, and stay open. */
class SnapshotDeltaSourceTest {

    private static final int MEBI = 1024 * 1024;

    private final TestDatabase database = TestDatabase.migrated();
    private final SnapshotDeltaSource source = new SnapshotDeltaSource(database.dataSource());

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void a_row_is_read_when_it_becomes_visible_and_never_again() throws SQLException {
        LaneReader reader = source.open(lease());
        assertThat(reader.read(10).isEmpty()).isTrue();
        append("k", 2);
        assertThat(settled(reader, 10)).containsExactly(1L, 2L);
        assertThat(reader.read(10).isEmpty()).isTrue();
        append("k", 1);
        assertThat(settled(reader, 10)).containsExactly(3L);
    }

    @Test
    void neither_a_long_transaction_nor_one_in_doubt_holds_others_up_and_their_rows_come_when_they_end()
            throws SQLException {
        LaneReader reader = source.open(lease());
        try (Connection open = database.dataSource().getConnection();
                Connection doubtful = database.dataSource().getConnection();
                Statement early = open.createStatement();
                Statement prepared = doubtful.createStatement()) {
            open.setAutoCommit(false);
            doubtful.setAutoCommit(false);
            early.execute(insert("early", 1));
            prepared.execute(insert("doubtful", 1));
            String name = "in-doubt-" + System.identityHashCode(this);
            prepared.execute("prepare transaction '" + name + "'");
            doubtful.setAutoCommit(true);

            for (int round = 0; round < 3; round++) {
                append("k", 1);
                assertThat(settled(reader, 10)).hasSize(1);
            }
            open.commit();
            assertThat(settled(reader, 10)).containsExactly(1L);
            prepared.execute("commit prepared '" + name + "'");
            assertThat(settled(reader, 10)).containsExactly(2L);
            assertThat(reader.read(10).isEmpty()).isTrue();
        }
    }

    /** The counterexample to a cursor that waits for the oldest open transaction: it would publish 2 and then 1. */
    @Test
    void a_key_keeps_the_order_of_commits_whatever_the_numbers_of_its_transactions() throws SQLException {
        LaneReader reader = source.open(lease());
        try (Connection second = database.dataSource().getConnection();
                Connection open = database.dataSource().getConnection();
                Statement later = second.createStatement();
                Statement forever = open.createStatement()) {
            second.setAutoCommit(false);
            open.setAutoCommit(false);
            later.execute("select pg_current_xact_id()");
            forever.execute("select pg_current_xact_id()");
            append("k", 1);
            assertThat(settled(reader, 10)).containsExactly(1L);
            later.execute(insert("k", 1));
            second.commit();
            assertThat(settled(reader, 10)).containsExactly(2L);
            open.rollback();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 99, 100, 101})
    void a_large_delta_is_walked_through_in_chunks_each_row_once_while_others_append(int chunk) throws SQLException {
        LaneReader reader = source.open(lease());
        append("k", 1);
        settled(reader, chunk);
        append("k", 100);

        List<Long> read = new ArrayList<>();
        Batch batch;
        do {
            batch = reader.read(chunk);
            append("later", 1);
            assertThat(batch.size()).isLessThanOrEqualTo(chunk);
            reader.settle(batch, Set.copyOf(batch.positions()), Set.of());
            read.addAll(batch.positions());
        } while (read.size() < 101 && !batch.isEmpty());

        assertThat(read.stream().filter(position -> position <= 101))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(2, 101).boxed().toList());
        assertThat(read).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void of_a_batch_that_is_settled_in_part_only_the_rest_is_read_again() throws SQLException {
        LaneReader reader = source.open(lease());
        append("k", 6);
        Batch batch = reader.read(10);
        append("later", 1);
        reader.settle(batch, Set.of(1L, 2L, 5L), Set.of(6L));
        reader.rewind();

        assertThat(settled(reader, 10)).containsExactly(3L, 4L);
        assertThat(settled(reader, 10)).containsExactly(7L);
    }

    @Test
    void rows_that_are_done_out_of_turn_and_fill_a_batch_alone_are_noted_though_nothing_else_comes()
            throws SQLException {
        LaneReader reader = source.open(lease());
        try (Connection open = database.dataSource().getConnection();
                Statement late = open.createStatement()) {
            open.setAutoCommit(false);
            late.execute(insert("late", 1) + " from generate_series(1, 3)");
            append("k", 3);
            reader.settle(reader.read(4), Set.of(5L, 6L), Set.of());
            open.commit();
        }
        reader.rewind();

        assertThat(settled(reader, 4)).containsExactly(1L, 2L, 3L, 4L);
        reader.save(true);
        assertThat(settled(reader, 4)).isEmpty();
        reader.save(true);
        assertThat(database.count("saga_outbox_segments() where unpublished")).isZero();
    }

    @Test
    void what_was_read_ahead_and_given_up_is_read_again() throws SQLException {
        LaneReader reader = source.open(lease());
        append("k", 6);
        Batch first = reader.read(2);
        Batch second = reader.read(2);
        assertThat(second.positions()).containsExactly(3L, 4L);
        reader.settle(first, Set.copyOf(first.positions()), Set.of());
        reader.rewind();
        assertThat(settled(reader, 10)).containsExactly(3L, 4L, 5L, 6L);
    }

    @Test
    void a_successor_goes_on_where_the_cursor_was_saved_in_the_middle_of_a_delta_too() throws SQLException {
        LaneReader reader = source.open(lease());
        append("k", 10);
        Batch batch = reader.read(4);
        reader.settle(batch, Set.copyOf(batch.positions()), Set.of());
        reader.save(true);
        append("later", 2);
        assertThat(database.count("saga_outbox_pending")).isEqualTo(8);

        LaneReader successor = source.open(lease());
        assertThat(settled(successor, 100)).containsExactly(5L, 6L, 7L, 8L, 9L, 10L);
        assertThat(settled(successor, 100)).containsExactly(11L, 12L);
        successor.save(true);
        assertThat(database.count("saga_outbox_pending")).isZero();
    }

    @Test
    void a_former_owner_can_not_move_the_cursor() throws SQLException {
        LaneReader reader = source.open(lease());
        append("k", 1);
        settled(reader, 10);
        database.jdbc().update("update saga_lane set owner = 'other', epoch = epoch + 1");
        assertThatThrownBy(() -> reader.save(true)).isInstanceOf(FencedException.class);
        assertThat(database.count("saga_outbox_pending")).isEqualTo(1);
        assertThatThrownBy(() -> source.open(new Lease(0, "me", 7))).isInstanceOf(FencedException.class);
    }

    @Test
    void an_idle_lane_writes_nothing_down() throws SQLException {
        LaneReader reader = source.open(lease());
        append("k", 1);
        settled(reader, 10);
        reader.save(true);
        Object version = database.jdbc().queryForObject("select xmin from saga_lane", Object.class);
        for (int i = 0; i < 5; i++) {
            database.jdbc().execute("select pg_current_xact_id()");
            assertThat(settled(reader, 10)).isEmpty();
            reader.save(true);
        }
        assertThat(database.jdbc().queryForObject("select xmin from saga_lane", Object.class))
                .isEqualTo(version);
    }

    @Test
    void a_chunk_of_large_rows_is_cut_where_memory_would_suffer_and_comes_row_by_row_if_need_be() throws SQLException {
        LaneReader reader = source.open(lease());
        append("k1", 20 * MEBI, 1);
        append("k2", 9 * MEBI, 1);
        append("k3", 6 * MEBI, 1);
        append("k4", 2 * MEBI, 1);

        assertThat(settled(reader, 100)).containsExactly(1L);
        assertThat(settled(reader, 100)).containsExactly(2L, 3L);
        assertThat(settled(reader, 100)).containsExactly(4L);
        assertThat(reader.read(100).isEmpty()).isTrue();
    }

    @Test
    void each_lane_reads_its_own_buckets() throws SQLException {
        database.jdbc().queryForList("select saga_outbox_set_lanes(3)");
        append("k", 9);
        database.jdbc().update("update saga_outbox set bucket = position");
        database.jdbc().update("update saga_lane set owner = 'me', epoch = 7");
        List<Set<Long>> read = IntStream.range(0, 3)
                .mapToObj(lane -> readAll(new Lease(lane, "me", 7)))
                .toList();
        assertThat(read).containsExactly(Set.of(3L, 6L, 9L), Set.of(1L, 4L, 7L), Set.of(2L, 5L, 8L));
    }

    private Set<Long> readAll(Lease lease) {
        try {
            return source.open(lease).read(100).rows().stream()
                    .map(OutboxRow::position)
                    .collect(Collectors.toSet());
        } catch (SQLException trouble) {
            throw new IllegalStateException(trouble);
        }
    }

    /** Reads a batch and settles all of it. */
    private static List<Long> settled(LaneReader reader, int limit) throws SQLException {
        Batch batch = reader.read(limit);
        List<Long> positions = batch.positions();
        reader.settle(batch, Set.copyOf(positions), Set.of());
        return positions;
    }

    private Lease lease() {
        database.jdbc().update("update saga_lane set owner = 'me', epoch = 7");
        return new Lease(0, "me", 7);
    }

    private void append(String key, int count) {
        append(key, 1, count);
    }

    private void append(String key, int bytes, int count) {
        database.jdbc().update(insert(key, bytes) + " from generate_series(1, " + count + ")");
    }

    private static String insert(String key, int bytes) {
        return "insert into saga_outbox (id, aggregatetype, aggregateid, type, payload, headers, bucket)"
                + " select gen_random_uuid(), 'orders', '" + key + "', 'noted', convert_to(repeat('x', " + bytes
                + "), 'UTF8'), '', 0";
    }
}
