package io.amends.outbox.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.outbox.JdbcOutbox;
import io.amends.outbox.OutboxLimits;
import io.amends.outbox.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PendingSetSourceTest {

    private final TestDatabase database = TestDatabase.migrated();
    private final JdbcOutbox outbox =
            new JdbcOutbox(database.dataSource(), new OutboxLimits(64 * 1024 * 1024), () -> {});
    private final PendingSetSource source = new PendingSetSource(database.dataSource());

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void rows_come_by_position_up_to_the_limit_without_some_topics() throws SQLException {
        append("a", "k1", 1);
        append("b", "k1", 1);
        append("a", "k2", 1);
        append("a", "k3", 1);

        assertThat(source.read(2, List.of("b"))).extracting(OutboxRow::key).containsExactly("k1", "k2");
        assertThat(source.read(9, List.of())).extracting(OutboxRow::position).containsExactly(1L, 2L, 3L, 4L);
        assertThat(source.read(9, List.of("a", "b"))).isEmpty();
    }

    @Test
    void a_chunk_of_large_rows_is_cut_where_memory_would_suffer_and_comes_row_by_row_if_need_be() throws SQLException {
        int mebi = 1024 * 1024;
        append("a", "k1", 20 * mebi);
        append("a", "k2", 9 * mebi);
        append("a", "k3", 6 * mebi);
        append("a", "k4", 2 * mebi);

        assertThat(source.read(100, List.of())).extracting(OutboxRow::key).containsExactly("k1");
        database.jdbc().update("delete from saga_outbox where aggregateid = 'k1'");
        assertThat(source.read(100, List.of())).extracting(OutboxRow::key).containsExactly("k2", "k3");
    }

    @Test
    void only_rows_behind_a_parked_one_of_their_key_and_topic_wait() throws SQLException {
        append("a", "k", 1);
        append("a", "k", 1);
        append("a", "k", 1);
        append("b", "k", 1);
        source.park(lease(), 2, "RECORD_TOO_LARGE", "the test says so");

        assertThat(source.read(9, List.of())).extracting(OutboxRow::position).containsExactly(1L, 4L);
    }

    @Test
    void nobody_but_the_owner_notes_or_parks_and_only_in_its_epoch() throws SQLException {
        append("a", "k", 1);
        Lease lease = lease();
        for (Lease other : List.of(
                new Lease(0, "other", lease.epoch()),
                new Lease(0, lease.owner(), lease.epoch() - 1),
                new Lease(1, lease.owner(), lease.epoch()))) {
            assertThatThrownBy(() -> source.acknowledged(other, List.of(1L)))
                    .isInstanceOf(FencedException.class)
                    .hasMessageContaining("epoch " + other.epoch());
            assertThatThrownBy(() -> source.park(other, 1, "RECORD_TOO_LARGE", "the test says so"))
                    .isInstanceOf(FencedException.class);
        }
        assertThat(database.count("saga_outbox")).isEqualTo(1);
        assertThat(database.count("saga_parked")).isZero();

        source.acknowledged(lease, List.of(1L));
        assertThat(database.count("saga_outbox")).isZero();
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
