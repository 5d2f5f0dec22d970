package io.amends.saga.engine;

import static io.amends.saga.engine.CommandKind.ACTION;
import static io.amends.saga.engine.CommandKind.COMPENSATION;
import static org.assertj.core.api.Assertions.assertThat;

import io.amends.saga.Reply;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.engine.Conversation.Book;
import io.amends.saga.engine.Conversation.Booked;
import io.amends.saga.engine.Conversation.Cancel;
import io.amends.saga.engine.Conversation.Send;
import io.amends.saga.engine.Conversation.SoldOut;
import io.amends.saga.engine.Conversation.Trip;
import io.amends.saga.engine.SagaEvent.Hold;
import io.amends.saga.engine.SagaEvent.ResolveByHand;
import io.amends.saga.engine.SagaEvent.RetryNow;
import io.amends.saga.engine.SagaEvent.Skip;
import io.amends.saga.engine.SagaEvent.TurnBack;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What an operator may ask for, when, and what comes of it. */
class VerbsTest {

    private final AtomicBoolean broken = new AtomicBoolean(true);

    private static Conversation atTheFlight() {
        return Conversation.started(TripSagas.trip()).succeeds("hotel").succeeds("insurance");
    }

    private static Conversation stuckAtTheFlight() {
        Conversation saga = atTheFlight().errsForGood("flight");
        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        return saga;
    }

    private static Conversation stuckAtTheTickets() {
        return atTheFlight().succeeds("flight").rejects("tickets");
    }

    private static void assertNotAllowed(Conversation saga, SagaEvent verb) {
        SagaState before = saga.state();
        saga.tell(verb);
        assertThat(saga.disposition()).isEqualTo(Disposition.NOT_ALLOWED);
        assertThat(saga.state()).isSameAs(before);
        assertThat(saga.effects()).isEmpty();
    }

    @Test
    void retry_now_begins_a_stuck_step_anew() {
        Conversation saga = stuckAtTheFlight().pass(Duration.ofHours(1)).tell(new RetryNow());

        assertThat(saga.effects()).containsExactly("action flight -> airline");
        assertThat(saga.phase()).isEqualTo(SagaPhase.RUNNING);
        assertThat(saga.reasonCode()).isNull();
        assertThat(saga.state().step("flight").attempts()).isEqualTo(1);
        assertThat(saga.state().step("flight").outcome()).isNull();
        assertThat(saga.state().step("flight").firstSentAt()).isEqualTo(saga.now());
        assertThat(saga.succeeds("flight").effects()).containsExactly("action tickets -> post");
    }

    @Test
    void retry_now_does_not_wait_for_the_next_attempt() {
        Conversation saga = atTheFlight().errs("flight").tell(new RetryNow());

        assertThat(saga.effects()).containsExactly("action flight -> airline");
        assertThat(saga.state().step("flight").error()).isNull();
    }

    @Test
    void retry_now_asks_again_for_what_must_succeed_and_was_rejected() {
        assertThat(stuckAtTheTickets().tell(new RetryNow()).effects()).containsExactly("action tickets -> post");
    }

    @Test
    void retry_now_begins_what_could_not_be_begun() {
        SagaDefinition throwing = SagaDefinition.named("throwing")
                .data(Trip.class)
                .pivot("flight", "airline", Book.class, trip -> {
                    if (broken.get()) {
                        throw new IllegalStateException("out of order");
                    }
                    return new Book("seat");
                })
                .build();
        Conversation saga = Conversation.started(throwing);
        assertThat(saga.tell(new RetryNow()).phase()).isEqualTo(SagaPhase.STUCK);
        // It was stuck for the same before.
        assertThat(saga.effects()).isEmpty();

        broken.set(false);
        assertThat(saga.tell(new RetryNow()).effects()).containsExactly("action flight -> airline");
    }

    @Test
    void retry_now_repeats_a_hook_that_threw() {
        Conversation done = atTheFlight().succeeds("flight").succeeds("tickets");
        SagaState hookThrew = done.state().stuck(ReasonCode.NON_RETRYABLE, "the hook threw");

        Decision decision =
                SagaEngine.decide(TripSagas.trip(), hookThrew, new RetryNow(), new Moment(Conversation.START, 0));

        assertThat(decision.state().phase()).isEqualTo(SagaPhase.COMPLETED);
        assertThat(decision.effects()).containsExactly(new SagaEffect.Announce(SagaPhase.COMPLETED));
    }

    @Test
    void retry_now_is_for_the_open_compensation_and_not_for_what_was_given_up() {
        SagaDefinition urgent = SagaDefinition.named("urgent")
                .deadline(Duration.ofSeconds(5))
                .data(Trip.class)
                .step("hotel", "grand", Book.class, trip -> new Book("room"))
                .compensatedBy("grand", Cancel.class, trip -> new Cancel("room"))
                .step("car", "rental", Book.class, trip -> new Book("car"))
                .compensatedBy("rental", Cancel.class, trip -> new Cancel("car"))
                .build();
        Conversation saga = Conversation.started(urgent)
                .succeeds("hotel")
                .tell(new Hold("x", null))
                .tell(new TurnBack("x"))
                .tell(new SagaEvent.Resume());
        assertThat(saga.effects()).containsExactly("compensation car -> rental");

        assertThat(saga.tell(new RetryNow()).effects()).containsExactly("compensation car -> rental");
    }

    @Test
    void retry_now_needs_something_to_retry() {
        SagaDefinition waits = SagaDefinition.named("waits")
                .data(Trip.class)
                .awaitSignal("approval", "approved", Reply.class)
                .build();

        assertNotAllowed(Conversation.started(waits), new RetryNow());
    }

    @Test
    void a_rejected_step_is_not_asked_again_on_the_way_back() {
        SagaDefinition noPivot = SagaDefinition.named("no-pivot")
                .data(Trip.class)
                .step("hotel", "grand", Book.class, trip -> new Book("room"))
                .compensatedBy("grand", Cancel.class, trip -> new Cancel("room"))
                .retriable("mail", "post", Send.class, trip -> new Send("tickets"))
                .build();
        Conversation saga =
                Conversation.started(noPivot).succeeds("hotel").rejects("mail").tell(new TurnBack("no mail, no trip"));
        assertThat(saga.effects()).containsExactly("COMPENSATING", "compensation hotel -> grand");

        assertThat(saga.tell(new RetryNow()).effects()).containsExactly("compensation hotel -> grand");
    }

    @Test
    void skip_with_a_result_takes_it_into_the_data() {
        Conversation saga =
                Conversation.started(TripSagas.trip()).errsForGood("hotel").tell(new SagaEvent.Resume());
        Conversation parked = Conversation.started(TripSagas.trip()).tell(new Skip("hotel", ACTION, new Booked("7")));

        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPENSATING);
        assertThat(parked.data().notes()).isEqualTo("room 7");
        assertThat(parked.status("hotel")).isEqualTo(StepStatus.SUCCEEDED);
        assertThat(parked.effects()).containsExactly("action insurance -> lloyd");
    }

    @Test
    void a_skipped_step_that_was_sent_is_compensated_all_the_same() {
        Conversation saga = Conversation.started(TripSagas.trip()).tell(new Skip("hotel", ACTION, null));
        assertThat(saga.status("hotel")).isEqualTo(StepStatus.SUCCEEDED);

        assertThat(saga.rejects("insurance").effects()).containsExactly("COMPENSATING", "compensation hotel -> grand");
    }

    @Test
    void a_skipped_pivot_counts_as_asked() {
        Conversation saga = stuckAtTheFlight().tell(new Skip("flight", ACTION, null));
        assertThat(saga.effects()).containsExactly("action tickets -> post");

        assertNotAllowed(saga, new TurnBack("x"));
    }

    @Test
    void what_was_rejected_or_could_not_be_begun_is_skipped_without_a_trace() {
        Conversation rejected = stuckAtTheTickets().tell(new Skip("tickets", ACTION, null));
        assertThat(rejected.status("tickets")).isEqualTo(StepStatus.SKIPPED);
        assertThat(rejected.phase()).isEqualTo(SagaPhase.COMPLETED);

        SagaDefinition throwing = SagaDefinition.named("throwing")
                .data(Trip.class)
                .pivot("flight", "airline", Book.class, trip -> {
                    throw new IllegalStateException("out of order");
                })
                .retriable("tickets", "post", Send.class, trip -> new Send("tickets"))
                .build();
        Conversation saga = Conversation.started(throwing);
        // What stands further ahead is not in the way.
        assertNotAllowed(saga, new Skip("tickets", ACTION, null));
        saga.tell(new Skip("flight", ACTION, null));
        assertThat(saga.status("flight")).isEqualTo(StepStatus.SKIPPED);
        assertThat(saga.effects()).containsExactly("action tickets -> post");
    }

    @Test
    void a_signal_that_nobody_gives_is_skipped() {
        SagaDefinition waits = SagaDefinition.named("waits")
                .data(Trip.class)
                .awaitSignal("approval", "approved", Reply.class)
                .build();

        Conversation saga = Conversation.started(waits).tell(new Skip("approval", ACTION, null));

        assertThat(saga.status("approval")).isEqualTo(StepStatus.SKIPPED);
        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPLETED);
    }

    @Test
    void skip_is_not_allowed_where_it_would_hide_something() {
        assertThat(atTheFlight().tell(new Skip("cruise", ACTION, null)).disposition())
                .isEqualTo(Disposition.UNKNOWN_STEP);
        assertNotAllowed(atTheFlight(), new Skip("hotel", ACTION, null));
        assertNotAllowed(atTheFlight(), new Skip("tickets", ACTION, null));
        assertNotAllowed(stuckAtTheFlight(), new Skip("tickets", ACTION, null));
        assertNotAllowed(atTheFlight(), new Skip("flight", ACTION, new SoldOut("seat")));
        assertNotAllowed(atTheFlight(), new Skip("hotel", COMPENSATION, null));
        assertNotAllowed(atTheFlight().rejects("flight"), new Skip("flight", ACTION, null));
        assertNotAllowed(atTheFlight().rejects("flight"), new Skip("hotel", COMPENSATION, null));
        assertNotAllowed(
                atTheFlight().rejects("flight").compensationFails("insurance"),
                new Skip("tickets", COMPENSATION, null));
    }

    @Test
    void a_result_that_the_saga_cannot_take_in_changes_nothing_and_says_why() {
        SagaDefinition throwing = SagaDefinition.named("throwing")
                .data(Trip.class)
                .pivot("flight", "airline", Book.class, trip -> new Book("seat"))
                .onReply(Booked.class, (trip, reply) -> {
                    throw new IllegalStateException("illegible");
                })
                .build();

        Conversation saga = Conversation.started(throwing);
        SagaState before = saga.state();
        Decision decision = SagaEngine.decide(
                throwing, before, new Skip("flight", ACTION, new Booked("7")), new Moment(Conversation.START, 0));
        assertThat(decision)
                .isEqualTo(new Decision(
                        before,
                        List.of(),
                        Disposition.RESULT_NOT_TAKEN,
                        "the @OnReply method of step 'flight' threw java.lang.IllegalStateException: illegible"));
        assertThat(decision.disposition().isRecorded()).isTrue();
    }

    @Test
    void a_compensation_that_cannot_be_made_can_be_taken_as_done_elsewhere() {
        SagaDefinition throwing = SagaDefinition.named("throwing")
                .data(Trip.class)
                .step("visa", "consul", Book.class, trip -> new Book("visa"))
                .compensatedBy("consul", Cancel.class, trip -> new Cancel("visa"))
                .step("hotel", "grand", Book.class, trip -> new Book("room"))
                .compensatedBy("grand", Cancel.class, trip -> {
                    throw new IllegalStateException("out of order");
                })
                .pivot("flight", "airline", Book.class, trip -> new Book("seat"))
                .build();
        Conversation saga = Conversation.started(throwing)
                .succeeds("visa")
                .succeeds("hotel")
                .rejects("flight");
        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(saga.status("hotel")).isEqualTo(StepStatus.SUCCEEDED);

        saga.tell(new Skip("hotel", COMPENSATION, null));

        assertThat(saga.effects()).containsExactly("compensation visa -> consul");
    }

    @Test
    void turn_back_compensates_what_has_or_may_have_had_an_effect() {
        Conversation saga =
                Conversation.started(TripSagas.trip()).succeeds("hotel").tell(new TurnBack("no money"));

        assertThat(saga.effects()).containsExactly("COMPENSATING", "compensation insurance -> broker");
        assertThat(saga.cause()).isEqualTo(new Cause(ReasonCode.CANCELLED, "no money"));
        saga.compensated("insurance").compensated("hotel");
        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPENSATED);
        assertThat(saga.reasonCode()).isEqualTo(ReasonCode.CANCELLED);
    }

    @Test
    void turn_back_is_not_allowed_behind_the_pivot_nor_twice() {
        assertNotAllowed(atTheFlight(), new TurnBack("x"));
        assertNotAllowed(stuckAtTheFlight(), new TurnBack("x"));
        assertNotAllowed(atTheFlight().succeeds("flight"), new TurnBack("x"));
        assertNotAllowed(stuckAtTheTickets(), new TurnBack("x"));
        assertNotAllowed(atTheFlight().rejects("flight"), new TurnBack("x"));
    }

    @Test
    void behind_a_skipped_pivot_there_is_no_way_back_once_something_cannot_be_undone() {
        SagaDefinition optional = SagaDefinition.named("optional")
                .data(Trip.class)
                .step("hotel", "grand", Book.class, trip -> new Book("room"))
                .compensatedBy("grand", Cancel.class, trip -> new Cancel("room"))
                .pivot("flight", "airline", Book.class, trip -> new Book("seat"))
                .onlyIf(Trip::insured)
                .retriable("mail", "post", Send.class, trip -> new Send("tickets"))
                .build();

        assertNotAllowed(Conversation.started(optional, new Trip("", false)).succeeds("hotel"), new TurnBack("x"));
    }

    @Test
    void resolving_by_hand_ends_the_instance_as_it_is() {
        Conversation saga = stuckAtTheFlight()
                .tell(new Hold("x", null))
                .tell(new ResolveByHand(SagaPhase.COMPLETED, "booked by phone"));

        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPLETED);
        assertThat(saga.reasonCode()).isEqualTo(ReasonCode.RESOLVED_BY_HAND);
        assertThat(saga.state().reason()).isEqualTo("booked by phone");
        assertThat(saga.state().pause()).isNull();
        assertThat(saga.effects()).isEmpty();
        assertThat(saga.dueInSeconds()).isNull();
        assertThat(saga.succeeds("flight").disposition()).isEqualTo(Disposition.CONTRADICTORY);
    }

    @Test
    void resolving_by_hand_needs_an_end() {
        assertNotAllowed(stuckAtTheFlight(), new ResolveByHand(SagaPhase.RUNNING, "x"));
        assertNotAllowed(stuckAtTheFlight(), new ResolveByHand(SagaPhase.STUCK, "x"));
    }

    @Test
    void a_local_step_of_an_instance_that_was_resolved_says_nothing_any_more() {
        Conversation saga = Conversation.started(TripSagas.local())
                .threw("quota", ACTION)
                .tell(new ResolveByHand(SagaPhase.COMPENSATED, "x"));

        assertThat(saga.ran("quota", ACTION).disposition()).isEqualTo(Disposition.NOT_ASKED);
        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPENSATED);
        assertThat(Conversation.started(TripSagas.trip())
                        .tell(new ResolveByHand(SagaPhase.COMPENSATED, "x"))
                        .succeeds("hotel")
                        .disposition())
                .isEqualTo(Disposition.LATE);
    }
}
