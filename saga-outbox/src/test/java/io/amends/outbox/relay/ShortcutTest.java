package io.amends.outbox.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.outbox.CommittedMessage;
import io.amends.outbox.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Which messages of this process are published without being read, and that none is passed by or published twice for it. */
class ShortcutTest extends ShortcutFixture {

    @Test
    void what_this_process_has_just_committed_is_not_read() throws SQLException {
        append("a");
        append("b");
        offerAll();
        assertThat(settled()).containsExactly("a", "b");
        append("a");
        offerAll();
        assertThat(settled()).containsExactly("a");
        assertThat(spy.count("saga_outbox_fresh")).isZero();
    }

    @Test
    void told_in_another_order_than_they_were_committed_in_they_go_as_they_were_committed() throws SQLException {
        append("a");
        append("a");
        CommittedMessage first = committed.removeFirst();
        offerAll();
        List<Long> positions = positions();
        assertThat(positions).isSorted().hasSize(2).startsWith(first.position());
        committed.add(first);
        offerAll();
        assertThat(settled()).isEmpty();
    }

    @Test
    void what_it_was_told_of_before_a_reader_was_opened_anew_is_not_known() {
        append("a");
        CommittedMessage first = committed.removeFirst();
        append("b");
        CommittedMessage second = committed.removeFirst();
        Snapshot before = Snapshot.of("%1$d:%1$d:".formatted(first.transaction()));
        shortcut.offerNothing(first.transaction());
        shortcut.open(true);
        shortcut.offer(second);
        assertThat(shortcut.take(before)).isEmpty();

        shortcut.offerNothing(first.transaction());
        shortcut.offer(second);
        assertThat(shortcut.take(before)).containsExactly(second);
    }

    @Test
    void what_was_not_acknowledged_is_read_again_and_nothing_of_its_key_goes_before() throws SQLException {
        append("a");
        offerAll();
        Batch failed = reader.read(10);
        reader.settle(failed, Set.of(), Set.of());
        reader.rewind();
        append("a");
        offerAll();
        assertThat(positions()).startsWith(failed.positions().get(0)).hasSize(2);
    }

    @Test
    void of_a_chunk_that_failed_in_part_only_the_rest_is_read_again() throws SQLException {
        append("a");
        append("b");
        offerAll();
        Batch failed = reader.read(10);
        reader.settle(failed, Set.of(failed.positions().get(1)), Set.of());
        reader.rewind();
        assertThat(settled()).containsExactly("a");
        assertThat(settled()).isEmpty();
    }

    @Test
    void behind_a_parked_key_nothing_goes_this_way() throws SQLException {
        append("a");
        offerAll();
        assertThat(settled()).containsExactly("a");
        database.jdbc()
                .update("insert into saga_parked_key (aggregatetype, aggregateid, bucket) values ('orders', 'a', 0)");
        database.jdbc().update("update saga_parked_key set bucket = 0, blocked_by = 1");

        append("a");
        offerAll();
        Batch behind = reader.read(10);
        assertThat(behind.rows()).isEmpty();
        assertThat(behind.followers()).hasSize(1);
    }

    /** It was written before, so that it does not see who parked the key, and told after. */
    @Test
    void a_message_that_is_under_way_while_its_key_is_parked_is_parked_behind_it() throws SQLException {
        insert("a");
        Batch refused = reader.read(10);
        try (Connection other = database.dataSource().getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            CommittedMessage late;
            try (ResultSet row = statement.executeQuery(
                    insertion("a") + " returning position, xid::text, pg_current_snapshot()::text")) {
                row.next();
                late = new CommittedMessage(
                        row.getLong(1),
                        (short) 0,
                        "orders",
                        "a",
                        new byte[0],
                        new byte[0],
                        Long.parseLong(row.getString(2)),
                        row.getString(3));
            }
            append("n");
            offerAll();
            assertThat(reader.read(10).rows()).extracting(OutboxRow::key).containsExactly("n");
            database.jdbc()
                    .update(
                            "insert into saga_parked_key (aggregatetype, aggregateid, bucket) values ('orders', 'a', 0)");
            reader.settle(refused, Set.of(), Set.copyOf(refused.positions()));
            reader.rewind();
            other.commit();
            other.setAutoCommit(true);
            shortcut.offer(late);
        }
        Batch next = reader.read(10);
        assertThat(next.rows()).extracting(OutboxRow::key).doesNotContain("a");
        assertThat(next.followers()).isNotEmpty();
    }

    @Test
    void a_large_message_is_read() throws SQLException {
        database.transaction()
                .executeWithoutResult(
                        status -> outbox.append(TestDatabase.message("orders", "a", new byte[64 * 1024 + 1])));
        offerAll();
        assertThat(settled()).containsExactly("a");
        assertThat(spy.count("saga_outbox_fresh")).isEqualTo(1);
    }

    @Test
    void under_a_stricter_isolation_a_message_is_found_by_looking() {
        TransactionTemplate strict = database.transaction();
        strict.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        strict.executeWithoutResult(status -> outbox.append(TestDatabase.message("a")));
        assertThat(committed).extracting(CommittedMessage::seen).containsOnlyNulls();
    }

    @Test
    void several_messages_of_one_transaction_are_found_by_looking() throws SQLException {
        database.transaction().executeWithoutResult(status -> {
            outbox.append(TestDatabase.message("a"));
            outbox.append(TestDatabase.message("b"));
        });
        append("c");
        assertThat(committed).hasSize(1);
        offerAll();
        assertThat(settled()).containsExactly("a", "b", "c");
    }

    @Test
    void rows_that_the_same_transaction_wrote_by_another_way_are_not_passed_by() throws SQLException {
        database.transaction().executeWithoutResult(status -> {
            insert("a");
            outbox.append(TestDatabase.message("b"));
        });
        offerAll();
        append("a");
        offerAll();
        assertThat(settled()).containsExactly("a", "b", "a");
    }

    @Test
    void what_finds_no_room_is_found_by_looking() throws SQLException {
        for (int i = 0; i < 70; i++) {
            append("k" + i);
        }
        assertThat(shortcut.isWanted()).isTrue();
        offerAll();
        assertThat(shortcut.isWanted()).isFalse();
        assertThat(settled()).hasSize(64);
        assertThat(settled()).hasSize(6);
    }

    @Test
    void closed_it_takes_nothing() {
        Shortcut closed = new Shortcut(System::nanoTime);
        append("a");
        closed.offer(committed.getFirst());
        assertThat(closed.isWanted()).isFalse();
        assertThat(closed.take(Snapshot.of("1:1:"))).isEmpty();
    }
}
