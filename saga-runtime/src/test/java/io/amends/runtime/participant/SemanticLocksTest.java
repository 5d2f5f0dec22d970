package io.amends.runtime.participant;

import static io.amends.runtime.participant.Theatre.Patience.NONE;
import static io.amends.runtime.participant.Theatre.Patience.QUEUE;
import static io.amends.runtime.participant.Theatre.Patience.WAIT;
import static io.amends.runtime.participant.Theatre.lock;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.amends.runtime.Sent;
import io.amends.runtime.isolation.HeldLock;
import io.amends.runtime.isolation.LockMode;
import io.amends.runtime.isolation.SemanticLocks;
import io.amends.runtime.participant.Theatre.BookSeats;
import io.amends.runtime.participant.Theatre.BookSeatsReply;
import io.amends.runtime.participant.Theatre.SeatsBooked;
import io.amends.saga.CommandHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who gets a semantic lock, keeps it and gives it back. */
class SemanticLocksTest extends TheatreFixture {

    @Test
    void a_saga_holds_its_lock_across_transactions_until_it_releases_it() {
        deliver(book("ann", NONE, "a1"));
        assertThat(owner("a1")).contains(saga("ann"));
        deliver(book("bob", NONE, "a1"));
        Sent refused = bench.sent().get(1);
        assertThat(refused.outcome()).isEqualTo("rejection");
        assertThat(refused.json()).contains("HELD seat:a1 " + saga("ann"));
        assertThat(bookings()).containsExactly("ann a1");

        deliver(leave("ann", "a1"));
        assertThat(database.count("saga_semantic_lock")).isZero();
        deliver(book("cid", NONE, "a1"));
        assertThat(owner("a1")).contains(saga("cid"));
    }

    @Test
    void acquiring_and_releasing_again_changes_nothing() {
        deliver(book("ann", NONE, "a1"), assign("ann", "a1"));
        assertThat(answers()).containsExactly("seats-booked ann", "seat-assigned {}");
        deliver(leave("ann", "a1"));
        assertThat(bench.take().get(0).json()).contains("\"released\":1");
        deliver(undo("ann", "a1"));
        assertThat(bench.take().get(0).json()).contains("\"released\":0");
    }

    @Test
    void only_its_owner_releases_a_lock() {
        deliver(book("ann", NONE, "a1"));
        deliver(leave("bob", "a1"), leave("cid"));
        assertThat(owner("a1")).contains(saga("ann"));
    }

    @Test
    void the_compensation_releases_it_too() {
        deliver(book("ann", NONE, "a1"));
        deliver(undo("ann"));
        assertThat(owner("a1")).isEmpty();
    }

    @Test
    void a_rejection_gives_back_what_its_handler_acquired() {
        deliver(book("poor ann", NONE, "a1"));
        assertThat(database.count("saga_semantic_lock")).isZero();
    }

    @Test
    void several_locks_are_acquired_all_or_none() {
        deliver(book("ann", NONE, "a2"));
        deliver(book("bob", NONE, "a3", "a2", "a1"));
        assertThat(answers()).containsExactly("seats-booked ann", "seats-taken bob");
        assertThat(database.texts("select resource_id from saga_semantic_lock")).containsExactly("a2");

        deliver(book("cid", NONE, "a3", "a1"));
        assertThat(database.texts("select resource_id from saga_semantic_lock order by 1"))
                .containsExactly("a1", "a2", "a3");
        deliver(leave("cid"));
        assertThat(database.texts("select resource_id from saga_semantic_lock")).containsExactly("a2");
    }

    @Test
    void two_that_take_the_same_locks_one_by_one_do_not_block_each_other_for_ever() {
        Participant oneByOne = bench.participant("theatre", new OneByOneTheatre(locks), AT_ONCE);
        deliver(book("ann", NONE, "a1"), book("eve", NONE, "b1"));
        oneByOne.process(List.of(book("bob", QUEUE, "a1", "b1"), book("cid", QUEUE, "b1", "a1")));
        deliver(leave("ann"), leave("eve"));
        for (int i = 0; i < 4; i++) {
            oneByOne.redelivery().poll();
        }
        assertThat(owner("a1")).isPresent().isEqualTo(owner("b1"));
    }

    @Test
    void who_holds_and_who_waits_can_be_seen() {
        deliver(book("ann", NONE, "a1"));
        deliver(book("bob", QUEUE, "a1"), book("cid", WAIT, "a1"), book("dan", NONE, "d1"));

        List<HeldLock> all = locks.desk().list(10);
        assertThat(all).extracting(HeldLock::name).containsExactly(lock("a1"), lock("d1"));
        HeldLock first = all.get(0);
        assertThat(first.owner()).isNotNull().satisfies(owner -> {
            assertThat(owner.sagaId()).isEqualTo(saga("ann"));
            assertThat(owner.participant()).isEqualTo("theatre");
            assertThat(owner.step()).isEqualTo("book-seats");
        });
        assertThat(first.waiters()).extracting(HeldLock.Waiter::sagaId).containsExactly(saga("bob"), saga("cid"));
        assertThat(first.waiters()).extracting(HeldLock.Waiter::inOrder).containsExactly(true, false);
        assertThat(first.waiters())
                .allSatisfy(waiter -> assertThat(Duration.between(waiter.since(), waiter.until()))
                        .isEqualTo(Duration.ofHours(1)));
        assertThat(locks.desk().list(1)).hasSize(1);
        assertThatIllegalArgumentException().isThrownBy(() -> locks.desk().list(0));
    }

    @Test
    void an_operator_takes_a_lock_away_which_is_recorded_and_serves_the_next_one() {
        deliver(book("ann", NONE, "a1"));
        deliver(book("bob", QUEUE, "a1"));
        assertThat(release("ann", "operator", "saga is stuck")).isTrue();
        assertThat(database.row("select * from saga_semantic_lock_release"))
                .containsEntry("resource_id", "a1")
                .containsEntry("owner_saga", saga("ann"))
                .containsEntry("released_by", "operator")
                .containsEntry("reason", "saga is stuck");
        redeliver();
        assertThat(owner("a1")).contains(saga("bob"));

        // What the operator saw is over; and so is what the saga believes.
        assertThat(release("ann", "operator", "again")).isFalse();
        deliver(leave("ann", "a1"));
        assertThat(owner("a1")).contains(saga("bob"));
        assertThat(database.count("saga_semantic_lock_release")).isOne();
        assertThatIllegalArgumentException().isThrownBy(() -> release("bob", " ", "why"));
        assertThatIllegalArgumentException().isThrownBy(() -> release("bob", "operator", ""));
        assertThatIllegalStateException()
                .isThrownBy(() -> locks.desk().release(lock("a1"), saga("bob"), "operator", "why"));
    }

    private boolean release(String guest, String by, String why) {
        return Boolean.TRUE.equals(
                bench.transaction().execute(status -> locks.desk().release(lock("a1"), saga(guest), by, why)));
    }

    @Test
    void a_handler_can_ask_whether_its_saga_has_the_lock_still() {
        List<Boolean> answers = new ArrayList<>();
        Runnable asks = () -> answers.add(locks.isHeld(lock("a1")));
        theatre.surprise("ann", asks);
        theatre.surprise("leaves ann", asks);
        theatre.surprise("leaves bob", asks);
        deliver(book("ann", NONE, "a1"));
        deliver(leave("bob"));
        release("ann", "operator", "saga is stuck");
        deliver(leave("ann"));
        assertThat(answers).containsExactly(true, false, false);
    }

    @Test
    void outside_a_handler_there_is_no_saga_to_lock_for() {
        assertThatIllegalStateException()
                .isThrownBy(() -> locks.acquire(lock("a1"), LockMode.failFast()))
                .withMessageContaining("@CommandHandler");
    }

    /** Takes the locks in the order that the command names, each by itself. */
    static final class OneByOneTheatre {

        private final SemanticLocks locks;

        OneByOneTheatre(SemanticLocks locks) {
            this.locks = locks;
        }

        @CommandHandler
        BookSeatsReply on(BookSeats command) {
            command.seats().forEach(seat -> locks.acquire(lock(seat), LockMode.queueUpTo(Duration.ofHours(1))));
            return new SeatsBooked(command.guest());
        }
    }
}
