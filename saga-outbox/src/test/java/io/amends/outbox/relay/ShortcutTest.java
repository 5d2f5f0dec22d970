package io.amends.outbox.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.outbox.AppendListener;
import io.amends.outbox.CommittedMessage;
import io.amends.outbox.JdbcOutbox;
import io.amends.outbox.OutboxLimits;
import io.amends.outbox.StatementSpy;
import io.amends.outbox.TestDatabase;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Which messages of this process are published without being read, and that none is passed by or published twice for it. */
class ShortcutTest {

    /** Its own: what happens in any database of a server draws transaction numbers, of which the relay does not know. */
    private static EmbeddedPostgresServer server;

    private final TestDatabase database = TestDatabase.migrated(server);
    private final StatementSpy spy = new StatementSpy(database.dataSource());
    private final Shortcut shortcut = new Shortcut(System::nanoTime);
    private final Deque<CommittedMessage> committed = new ArrayDeque<>();
    private final JdbcOutbox outbox = new JdbcOutbox(database.dataSource(), OutboxLimits.DEFAULT, new AppendListener() {
        @Override
        public void committed(BitSet buckets) {
            // found by looking
        }

        @Override
        public boolean wants(short bucket) {
            return true;
        }

        @Override
        public void committed(CommittedMessage message) {
            committed.add(message);
        }
    });
    private LaneReader reader;

    @BeforeAll
    static void startServer() {
        server = EmbeddedPostgresServer.start(null, Map.of("autovacuum", "off"));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void open() throws SQLException {
        database.jdbc().update("update saga_lane set owner = 'me', epoch = 7");
        reader = opened(shortcut);
        assertThat(settled()).isEmpty();
        spy.forget();
    }

    @AfterEach
    void close() throws SQLException {
        reader.close();
        database.close();
    }

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
    void the_next_look_knows_it_and_the_cursor_is_written_down() throws SQLException {
        append("a");
        offerAll();
        assertThat(settled()).containsExactly("a");
        assertThat(reader.save(false)).as("the cursor lags behind").isFalse();

        assertThat(settled()).isEmpty();
        assertThat(reader.save(true)).isTrue();
        assertThat(settled(opened(new Shortcut(System::nanoTime)))).isEmpty();
    }

    @Test
    void its_successor_has_nothing_to_repeat_after_an_orderly_end() throws SQLException {
        append("a");
        offerAll();
        assertThat(settled()).containsExactly("a");
        reader.save(true);
        assertThat(settled(opened(new Shortcut(System::nanoTime)))).isEmpty();
    }

    @Test
    void what_others_committed_before_it_comes_before_it() throws SQLException {
        insert("a");
        append("a");
        offerAll();
        assertThat(settled()).containsExactly("a", "a");
        assertThat(spy.count("saga_outbox_fresh")).isEqualTo(1);
    }

    @Test
    void a_transaction_that_is_under_way_is_not_waited_for() throws SQLException {
        try (Connection other = database.dataSource().getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute(insertion("late"));
            append("a");
            offerAll();
            assertThat(settled()).containsExactly("a");
            assertThat(spy.count("saga_outbox_fresh")).isZero();
            other.commit();
        }
        append("b");
        offerAll();
        assertThat(settled()).containsExactly("late", "b");
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
    void one_that_was_rolled_back_makes_it_look_once() throws SQLException {
        database.transaction().executeWithoutResult(status -> {
            database.jdbc().queryForObject("select pg_current_xact_id()::text", String.class);
            status.setRollbackOnly();
        });
        append("a");
        append("b");
        offerAll();
        assertThat(settled()).containsExactly("a", "b");
        assertThat(spy.count("saga_outbox_fresh")).isEqualTo(1);
        append("c");
        offerAll();
        assertThat(settled()).containsExactly("c");
        assertThat(spy.count("saga_outbox_fresh")).isEqualTo(1);
    }

    @Test
    void its_own_cursor_does_not_make_it_look() throws SQLException {
        append("a");
        assertThat(settled()).containsExactly("a");
        assertThat(reader.save(true)).isTrue();
        append("b");
        committed.removeFirst();
        offerAll();
        assertThat(settled()).containsExactly("b");
        assertThat(spy.count("saga_outbox_fresh")).isEqualTo(1);
    }

    @Test
    void the_heartbeats_of_its_own_relay_do_not_make_it_look() throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            Lanes lanes = new Lanes("me", Duration.ofSeconds(10));
            shortcut.offerNothing(
                    lanes.beat(connection, List.of(new Lease(0, "me", 7))).transaction());
        }
        append("a");
        offerAll();
        assertThat(settled()).containsExactly("a");
        assertThat(spy.count("saga_outbox_fresh")).isZero();
    }

    @Test
    void a_look_that_is_due_waits_until_a_message_is_on_its_way() throws SQLException {
        AtomicLong clock = new AtomicLong();
        Shortcut timed = new Shortcut(clock::get);
        try (LaneReader reading =
                new SnapshotDeltaSource(spy.dataSource(), clock::get).open(new Lease(0, "me", 7), timed)) {
            assertThat(settled(reading)).isEmpty();
            append("a");
            timed.offer(committed.removeFirst());
            assertThat(settled(reading)).containsExactly("a");
            spy.forget();
            clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
            append("b");
            append("c");
            timed.offer(committed.removeFirst());

            Batch soon = reading.read(10);
            assertThat(soon.rows()).extracting(OutboxRow::key).containsExactly("b");
            assertThat(soon.more()).as("a look is due").isTrue();
            assertThat(spy.count("saga_outbox_fresh")).isZero();

            timed.offer(committed.removeFirst());
            Batch meanwhile = reading.read(10);
            assertThat(meanwhile.rows()).extracting(OutboxRow::key).containsExactly("c");
            assertThat(spy.count("saga_outbox_fresh")).isEqualTo(1);
            for (Batch batch : List.of(soon, meanwhile)) {
                reading.settle(batch, Set.copyOf(batch.positions()), Set.of());
            }
            assertThat(reading.save(false)).as("the cursor is written down").isTrue();
        }
        assertThat(settled(opened(new Shortcut(System::nanoTime)))).isEmpty();
    }

    @Test
    void a_look_that_was_read_ahead_and_not_settled_costs_its_successor_no_repeats() throws SQLException {
        AtomicLong clock = new AtomicLong();
        Shortcut timed = new Shortcut(clock::get);
        try (LaneReader reading =
                new SnapshotDeltaSource(spy.dataSource(), clock::get).open(new Lease(0, "me", 7), timed)) {
            assertThat(settled(reading)).isEmpty();
            clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
            append("a");
            timed.offer(committed.removeFirst());
            Batch soon = reading.read(10);
            assertThat(reading.read(10).isEmpty()).isTrue();
            reading.settle(soon, Set.copyOf(soon.positions()), Set.of());
            reading.rewind();
            reading.save(true);
        }
        assertThat(settled(opened(new Shortcut(System::nanoTime)))).isEmpty();
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
    void while_others_write_all_the_time_it_is_not_tried_for_a_while() throws SQLException {
        Semaphore turns = new Semaphore(100);
        while (shortcut.isWanted() && turns.tryAcquire()) {
            insert("x");
            append("a");
            offerAll();
            settled();
        }
        assertThat(turns.availablePermits()).isEqualTo(100 - 16);
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

    private LaneReader opened(Shortcut by) throws SQLException {
        return new SnapshotDeltaSource(spy.dataSource()).open(new Lease(0, "me", 7), by);
    }

    private void append(String key) {
        database.transaction().executeWithoutResult(status -> outbox.append(TestDatabase.message(key)));
    }

    /** As another process does. */
    private void insert(String key) {
        database.jdbc().update(insertion(key));
    }

    private static String insertion(String key) {
        return "insert into saga_outbox (id, aggregatetype, aggregateid, type, payload, headers, bucket)"
                + " values (gen_random_uuid(), 'orders', '" + key + "', 'noted', '', '', 0)";
    }

    private void offerAll() {
        committed.forEach(shortcut::offer);
        committed.clear();
    }

    private List<String> settled() throws SQLException {
        return settled(reader);
    }

    private static List<String> settled(LaneReader from) throws SQLException {
        Batch batch = from.read(100);
        from.settle(batch, Set.copyOf(batch.positions()), Set.of());
        return batch.rows().stream().map(OutboxRow::key).toList();
    }

    private List<Long> positions() throws SQLException {
        Batch batch = reader.read(100);
        reader.settle(batch, Set.copyOf(batch.positions()), Set.of());
        return batch.positions();
    }
}
