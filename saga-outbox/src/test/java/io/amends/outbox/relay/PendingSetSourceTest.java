package io.amends.outbox.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.outbox.AppendListener;
import io.amends.outbox.JdbcOutbox;
import io.amends.outbox.OutboxLimits;
import io.amends.outbox.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PendingSetSourceTest {

    private final TestDatabase database = TestDatabase.migrated();
    private final JdbcOutbox outbox =
            new JdbcOutbox(database.dataSource(), new OutboxLimits(64 * 1024 * 1024), AppendListener.NONE);
    private final PendingSetSource source = new PendingSetSource(database.dataSource());

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void rows_of_the_lane_come_by_position_up_to_the_limit() throws SQLException {
        append("a", "k1", 1);
        append("b", "k1", 1);
        append("a", "k2", 1);

        LaneReader reader = source.open(lease());
        assertThat(reader.read(2).rows()).extracting(OutboxRow::position).containsExactly(1L, 2L);
        assertThat(reader.read(9).rows()).extracting(OutboxRow::topic).containsExactly("a", "b", "a");
        assertThat(reader.read(3).more()).isTrue();
        assertThat(reader.read(4).more()).isFalse();
        database.jdbc().update("update saga_outbox set bucket = position");
        database.jdbc().update("update saga_lane set lane_count = 2");
        assertThat(source.open(lease()).read(9).rows())
                .extracting(OutboxRow::position)
                .containsExactly(2L);
    }

    @Test
    void a_chunk_of_large_rows_is_cut_where_memory_would_suffer_and_comes_row_by_row_if_need_be() throws SQLException {
        int mebi = 1024 * 1024;
        append("a", "k1", 20 * mebi);
        append("a", "k2", 9 * mebi);
        append("a", "k3", 6 * mebi);
        append("a", "k4", 2 * mebi);

        LaneReader reader = source.open(lease());
        assertThat(reader.read(100).rows()).extracting(OutboxRow::key).containsExactly("k1");
        database.jdbc().update("delete from saga_outbox where aggregateid = 'k1'");
        assertThat(reader.read(100).rows()).extracting(OutboxRow::key).containsExactly("k2", "k3");
    }

    @Test
    void nobody_but_the_owner_notes_and_only_in_its_epoch() throws SQLException {
        append("a", "k", 1);
        Lease lease = lease();
        LaneReader reader = source.open(lease);
        Batch batch = reader.read(9);
        for (Lease other : List.of(
                new Lease(0, "other", lease.epoch()),
                new Lease(0, lease.owner(), lease.epoch() - 1),
                new Lease(1, lease.owner(), lease.epoch()))) {
            assertThatThrownBy(() -> source.open(other))
                    .isInstanceOf(FencedException.class)
                    .hasMessageContaining("epoch " + other.epoch());
        }
        database.jdbc().update("update saga_lane set epoch = 8");
        assertThatThrownBy(() -> reader.settle(batch, Set.of(1L), Set.of())).isInstanceOf(FencedException.class);
        assertThat(database.count("saga_outbox")).isEqualTo(1);

        database.jdbc().update("update saga_lane set epoch = 7");
        reader.settle(batch, Set.of(1L), Set.of());
        assertThat(database.count("saga_outbox")).isZero();
    }

    @Test
    void what_the_other_mode_has_published_is_not_published_again() throws SQLException {
        append("a", "k", 1);
        append("a", "k", 1);
        append("a", "k", 1);
        SnapshotDeltaSource deltas = new SnapshotDeltaSource(database.dataSource());
        LaneReader delta = deltas.open(lease());
        Batch first = delta.read(1);
        delta.settle(first, Set.of(1L), Set.of());
        delta.save(true);

        assertThat(source.open(lease()).read(9).rows())
                .extracting(OutboxRow::position)
                .containsExactly(2L, 3L);
        assertThat(deltas.open(lease()).read(9).rows())
                .extracting(OutboxRow::position)
                .containsExactly(2L, 3L);
    }

    private Lease lease() {
        database.jdbc().update("update saga_lane set owner = 'me', epoch = 7");
        return new Lease(0, "me", 7);
    }

    private void append(String topic, String key, int bytes) {
        database.transaction()
                .executeWithoutResult(status -> outbox.append(TestDatabase.message(topic, key, new byte[bytes])));
    }
}
