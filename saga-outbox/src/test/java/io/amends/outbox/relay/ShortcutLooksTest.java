package io.amends.outbox.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** When a lane looks into the table although it is told of what this process commits, and what its cursor is worth then. */
class ShortcutLooksTest extends ShortcutFixture {

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
}
