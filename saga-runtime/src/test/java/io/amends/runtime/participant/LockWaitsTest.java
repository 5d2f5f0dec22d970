package io.amends.runtime.participant;

import static io.amends.runtime.participant.Theatre.Patience.NONE;
import static io.amends.runtime.participant.Theatre.Patience.QUEUE;
import static io.amends.runtime.participant.Theatre.Patience.WAIT;
import static io.amends.runtime.participant.Theatre.lock;
import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.Bench;
import io.amends.runtime.Sent;
import io.amends.runtime.isolation.LockMode;
import io.amends.runtime.isolation.SemanticLocks;
import io.amends.runtime.participant.Theatre.AssignSeat;
import io.amends.runtime.participant.Theatre.BookSeats;
import io.amends.runtime.participant.Theatre.BookSeatsReply;
import io.amends.runtime.participant.Theatre.SeatAssigned;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.ReservedTypes;
import io.amends.runtime.wire.WireHeaders;
import io.amends.saga.CommandHandler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcOperations;

/** Commands that wait for a semantic lock, and the queue in which they do. */
class LockWaitsTest extends TheatreFixture {

    @Test
    void a_command_that_waits_leaves_nothing_behind_and_nobody_waits_behind_it() {
        deliver(book("ann", NONE, "a1"));
        bench.watch.forget();
        deliver(book("bob", NONE, "b1"), book("cid", QUEUE, "a1"), book("dan", NONE, "d1"));

        assertThat(bench.watch.count("COMMIT")).isOne();
        assertThat(answers()).containsExactly("seats-booked ann", "seats-booked bob", "seats-booked dan");
        assertThat(bookings()).containsExactly("ann a1", "bob b1", "dan d1");
        assertThat(database.number("select count(*) from saga_inbox_command where saga_id = ?", saga("cid")))
                .isZero();
        assertThat(database.row("select * from saga_inbox_redelivery"))
                .containsEntry("saga_id", saga("cid"))
                .containsEntry("attempts", 0);
        redeliver();
        assertThat(bench.sent()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 100})
    void however_many_of_a_poll_wait_they_are_put_aside_in_as_many_statements(int size) {
        deliver(book("ann", NONE, "a1", "a2"));
        bench.watch.forget();
        participant.process(IntStream.range(0, size)
                .mapToObj(i -> book("guest " + i, QUEUE, "a1", "a2"))
                .toList());
        assertThat(bench.watch.sentWithout("stock_move").stream()
                        .filter(sql -> !sql.contains("owner_saga, participant") && !sql.startsWith("select l."))
                        .map(sql -> sql.replaceAll("^(\\w+ \\w+ \\w+).*", "$1")))
                .containsExactly(
                        "insert into saga_inbox_command",
                        "delete from saga_inbox_command",
                        "insert into saga_inbox_redelivery",
                        "with entry as",
                        "with entry as",
                        "insert into saga_semantic_lock_waiter",
                        "with command as",
                        "COMMIT");
        assertThat(waiters("a2")).hasSize(size);
    }

    @Test
    void a_lock_for_which_too_many_wait_is_refused() {
        deliver(book("ann", NONE, "a1"), book("eve", NONE, "a2"));
        participant.process(IntStream.range(0, SemanticLocks.LONGEST_QUEUE)
                .mapToObj(i -> book("guest " + i, i % 2 == 0 ? QUEUE : WAIT, "a1"))
                .toList());
        bench.take();
        InboundRecord late = book("late", QUEUE, "a1", "a3");
        deliver(late, book("other", QUEUE, "a2"));
        assertThat(bench.take())
                .singleElement()
                .satisfies(sent -> assertThat(sent.json()).contains("QUEUE_FULL seat:a1 " + saga("ann")));
        assertThat(owner("a3")).isEmpty();
        deliver(Bench.again(book("guest 7", WAIT, "a1")));
        assertThat(bench.sent()).isEmpty();
    }

    @Test
    void likewise_where_the_command_can_not_be_rejected() {
        deliver(book("ann", NONE, "a1"));
        deliver(assign("bob", "b1"), assign("cid", "a1"), assign("dan", "d1"));

        assertThat(bookings()).containsExactly("ann a1", "bob b1", "dan d1");
        assertThat(waiters("a1")).containsExactly(saga("cid"));
        deliver(assign("eve", "a1"));
        assertThat(waiters("a1")).containsExactly(saga("cid"), saga("eve"));
        deliver(leave("ann"));
        redeliver();
        assertThat(bookings()).containsExactly("ann a1", "bob b1", "cid a1", "dan d1");
        assertThat(database.count("saga_inbox_quarantine")).isZero();
    }

    @Test
    void the_queue_is_served_in_the_order_of_arrival_at_once_after_each_release() {
        deliver(book("ann", NONE, "a1"));
        deliver(book("bob", QUEUE, "a1"), book("cid", QUEUE, "a1"));
        deliver(book("dan", QUEUE, "a1"));
        answers();
        for (String guest : List.of("ann", "bob", "cid")) {
            deliver(leave(guest, "a1"));
            redeliver();
        }
        deliver(leave("dan", "a1"));
        assertThat(answers().stream().filter(answer -> answer.startsWith("seats-booked")))
                .containsExactly("seats-booked bob", "seats-booked cid", "seats-booked dan");
        assertThat(database.count("saga_inbox_redelivery")).isZero();
        assertThat(database.count("saga_semantic_lock")).isZero();
    }

    @Test
    void whoever_comes_later_does_not_get_a_free_lock_before_the_queue() {
        deliver(book("ann", NONE, "a1"));
        deliver(book("bob", QUEUE, "a1"));
        deliver(leave("ann", "a1"));
        deliver(book("cid", NONE, "a1"), book("dan", WAIT, "a1"), book("eve", QUEUE, "a1"));

        assertThat(bench.take().get(2).json()).contains("HELD seat:a1 null");
        redeliver();
        assertThat(owner("a1")).contains(saga("bob"));
        assertThat(waiters("a1")).containsExactly(saga("dan"), saga("eve"));
    }

    @Test
    void one_that_waits_without_a_place_does_not_keep_others_from_a_free_lock() {
        deliver(book("ann", NONE, "a2"));
        deliver(book("bob", WAIT, "a1", "a2"));
        deliver(book("cid", NONE, "a1"));
        assertThat(owner("a1")).contains(saga("cid"));

        deliver(leave("cid"));
        deliver(leave("ann"));
        redeliver();
        assertThat(owner("a1")).contains(saga("bob"));
        assertThat(owner("a2")).contains(saga("bob"));
    }

    @Test
    void one_with_a_place_in_the_queue_has_it_for_each_lock_it_wants() {
        deliver(book("ann", NONE, "a2"));
        deliver(book("bob", QUEUE, "a1", "a2"));
        deliver(book("cid", QUEUE, "a1"));
        redeliver();
        assertThat(owner("a1")).isEmpty();
        assertThat(waiters("a1")).containsExactly(saga("bob"), saga("cid"));

        deliver(leave("ann"));
        redeliver();
        assertThat(owner("a1")).contains(saga("bob"));
        deliver(leave("bob"));
        redeliver();
        assertThat(owner("a1")).contains(saga("cid"));
    }

    @Test
    void a_wait_that_is_over_ends_with_a_refusal_and_the_next_one_moves_up() {
        deliver(book("ann", NONE, "a2"));
        deliver(book("bob", QUEUE, "a1", "a2"));
        deliver(book("cid", QUEUE, "a1"));
        bench.take();
        timeIsOver("bob");
        redeliver();
        assertThat(bench.take().get(0).json()).contains("WAITED_TOO_LONG seat:a2 " + saga("ann"));

        redeliver();
        assertThat(answers()).containsExactly("seats-booked cid");
        assertThat(database.count("saga_inbox_redelivery")).isZero();
    }

    @Test
    void when_the_first_in_line_is_rejected_for_another_reason_the_next_one_is_served() {
        deliver(book("ann", NONE, "a1"));
        deliver(book("poor bob", QUEUE, "a1"), book("cid", QUEUE, "a1"));
        deliver(leave("ann"));
        redeliver();
        redeliver();
        assertThat(owner("a1")).contains(saga("cid"));
    }

    @Test
    void errors_are_counted_from_the_first_one_however_often_the_command_had_to_wait() {
        theatre.surprise("bob", () -> {
            throw new IllegalStateException("no pen");
        });
        deliver(book("ann", NONE, "a1", "a2"));
        deliver(book("bob", QUEUE, "a1", "a2"), book("cid", QUEUE, "a1"));
        deliver(leave("ann", "a1"));
        redeliver();
        deliver(undo("ann", "a2"));
        bench.take();
        redeliver();
        redeliver();
        assertThat(database.number("select attempts from saga_inbox_redelivery where saga_id = ?", saga("bob")))
                .isEqualTo(2);
        assertThat(waiters("a1")).containsExactly(saga("bob"), saga("cid"));
        redeliver();
        assertThat(bench.take().stream().map(Sent::type)).containsExactly(ReservedTypes.HANDLER_FAILED);
        redeliver();
        assertThat(answers()).containsExactly("seats-booked cid");
    }

    @Test
    void a_repeat_of_a_waiting_command_keeps_its_place() {
        InboundRecord bob = book("bob", QUEUE, "a1");
        deliver(book("ann", NONE, "a1"));
        deliver(bob, Bench.again(bob), book("cid", QUEUE, "a1"));
        deliver(Bench.again(bob));
        assertThat(waiters("a1")).containsExactly(saga("bob"), saga("cid"));
        assertThat(database.count("saga_inbox_redelivery")).isEqualTo(2);

        deliver(leave("ann"));
        answers();
        deliver(Bench.again(bob));
        redeliver();
        assertThat(answers()).containsExactly("seats-booked bob", "seats-booked bob");
        assertThat(bookings()).containsExactly("ann a1", "bob a1");
        assertThat(waiters("a1")).containsExactly(saga("cid"));
        assertThat(database.count("saga_inbox_redelivery")).isEqualTo(1);
    }

    @Test
    void a_waiting_command_that_is_sent_again_is_answered_for_the_last_attempt() {
        deliver(book("ann", NONE, "a1"));
        deliver(book("bob", QUEUE, "a1"));
        deliver(
                Bench.with(book("bob", QUEUE, "a1"), WireHeaders.SAGA_ATTEMPT, "2"),
                Bench.with(book("bob", QUEUE, "a1"), WireHeaders.SAGA_ATTEMPT, "3"));
        deliver(leave("ann"));
        bench.take();
        redeliver();

        assertThat(bench.take().stream().map(sent -> sent.header(WireHeaders.SAGA_ATTEMPT)))
                .containsExactly("3");
    }

    @Test
    void a_waiting_action_whose_compensation_comes_never_takes_effect_and_leaves_the_queue() {
        deliver(book("ann", NONE, "a1"));
        deliver(book("bob", QUEUE, "a1"), book("cid", QUEUE, "a1"));
        deliver(undo("bob"));
        answers();
        redeliver();
        assertThat(bench.take().stream().map(Sent::type)).containsExactly(ReservedTypes.ACTION_AFTER_COMPENSATION);
        assertThat(waiters("a1")).containsExactly(saga("cid"));
        deliver(leave("ann"));
        redeliver();
        assertThat(bookings()).containsExactly("ann a1", "cid a1");
    }

    @Test
    void likewise_where_both_come_in_one_poll() {
        deliver(book("ann", NONE, "a1"));
        answers();
        InboundRecord bob = book("bob", QUEUE, "a1");
        deliver(bob, undo("bob"));
        assertThat(bench.take().stream().map(Sent::type)).containsExactly(ReservedTypes.NOTHING_TO_COMPENSATE);
        deliver(leave("ann"));
        deliver(Bench.again(bob));
        redeliver();
        assertThat(bench.take().get(1).type()).isEqualTo(ReservedTypes.ACTION_AFTER_COMPENSATION);
        assertThat(bookings()).containsExactly("ann a1");
        assertThat(database.count("saga_inbox_redelivery")).isZero();
    }

    @Test
    void a_handler_that_catches_the_wait_is_undone_all_the_same() {
        Participant careless = bench.participant("theatre", new CarelessTheatre(locks, bench.jdbc), AT_ONCE);
        deliver(book("ann", NONE, "a1"));
        answers();
        careless.process(List.of(assign("bob", "a1"), book("cid", QUEUE, "a1")));
        assertThat(bookings()).containsExactly("ann a1");
        assertThat(bench.sent()).isEmpty();
        assertThat(waiters("a1")).containsExactly(saga("bob"), saga("cid"));
    }

    @Test
    void a_release_wakes_the_redelivery_which_need_not_look_by_itself() {
        Participant lazy = bench.participant(
                "theatre", theatre, new RedeliverySettings(3, Duration.ZERO, Duration.ZERO, Duration.ofHours(1)));
        lazy.redelivery().start();
        try {
            lazy.process(List.of(book("ann", NONE, "a1")));
            lazy.process(List.of(book("bob", QUEUE, "a1"), book("poor cid", QUEUE, "a1"), book("dan", QUEUE, "a1")));
            lazy.process(List.of(leave("ann")));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> owner("a1").equals(Optional.of(saga("bob"))));
            lazy.process(List.of(leave("bob")));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> owner("a1").equals(Optional.of(saga("dan"))));
        } finally {
            lazy.redelivery().stop(Duration.ofSeconds(10));
        }
    }

    @Test
    void a_stop_does_not_wait_for_what_it_is_about_to_wake() throws InterruptedException {
        Participant stopped = bench.participant("theatre", theatre, AT_ONCE);
        stopped.redelivery().start();
        Thread stopper = new Thread(() -> stopped.redelivery().stop(Duration.ofSeconds(60)));
        theatre.surprise("poor bob", () -> {
            stopper.start();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> stopper.getState() == Thread.State.TIMED_WAITING);
        });
        deliver(book("ann", NONE, "a1"));
        deliver(book("poor bob", QUEUE, "a1"), book("cid", QUEUE, "a1"));
        deliver(leave("ann"));

        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> waiters("a1").equals(List.of(saga("cid"))));
        stopper.join(10_000);
        assertThat(stopper.isAlive()).isFalse();
        redeliver();
        assertThat(owner("a1")).contains(saga("cid"));
    }

    /** Takes the wait for an error, and goes on. */
    static final class CarelessTheatre {

        private final SemanticLocks locks;
        private final JdbcOperations jdbc;

        CarelessTheatre(SemanticLocks locks, JdbcOperations jdbc) {
            this.locks = locks;
            this.jdbc = jdbc;
        }

        @CommandHandler
        SeatAssigned on(AssignSeat command) {
            acquire(command.seat());
            return new SeatAssigned();
        }

        @CommandHandler
        BookSeatsReply on(BookSeats command) {
            acquire(command.seats().get(0));
            throw new IllegalStateException("thrown after the wait was caught");
        }

        private void acquire(String seat) {
            try {
                locks.acquire(lock(seat), LockMode.queueUpTo(Duration.ofHours(1)));
            } catch (RuntimeException swallowed) {
                jdbc.update("insert into stock_move (order_id, item, amount) values ('careless', 'book', 1)");
            }
        }
    }
}
