package io.amends.saga.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.engine.Conversation.Book;
import io.amends.saga.engine.Conversation.Booked;
import io.amends.saga.engine.Conversation.Cancel;
import io.amends.saga.engine.Conversation.Send;
import io.amends.saga.engine.Conversation.Trip;
import io.amends.saga.engine.SagaEvent.Hold;
import io.amends.saga.engine.SagaEvent.Reopen;
import io.amends.saga.engine.SagaEvent.ResolveByHand;
import io.amends.saga.engine.SagaEvent.ResumeFrom;
import io.amends.saga.engine.SagaEvent.RetryNow;
import io.amends.saga.engine.SagaEvent.Skip;
import io.amends.saga.engine.SagaEvent.TurnBack;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Going on from an earlier step, and taking up again what was ended by hand. */
class ResumeFromTest {

    private final AtomicReference<String> clerk = new AtomicReference<>("clerk");
    private final AtomicBoolean needed = new AtomicBoolean(true);
    private final AtomicBoolean broken = new AtomicBoolean(true);

    /** A booking, a form that somebody fills in, a label that can't be made at first, and a letter. */
    private SagaDefinition parcel() {
        return SagaDefinition.named("parcel")
                .data(Trip.class)
                .step("book", Book.class, trip -> io.amends.saga.Commands.to(clerk.get(), new Book("x")))
                .compensatedBy("clerk", Cancel.class, trip -> new Cancel("x"))
                .onReply(Booked.class, (trip, reply) -> trip.note(reply.number()))
                .onlyIf(trip -> needed.get())
                .step("weigh", "scales", Book.class, trip -> new Book("y"))
                .compensatedBy("scales", Cancel.class, trip -> new Cancel("y"))
                .onlyIf(Trip::insured)
                .pivot("label", "printer", Book.class, trip -> {
                    if (broken.get()) {
                        throw new IllegalStateException("no such format");
                    }
                    return new Book("label");
                })
                .retriable("letter", "post", Send.class, trip -> new Send("letter"))
                .retriable("note", "post", Send.class, trip -> new Send("note"))
                .build();
    }

    private Conversation stuckAtTheLabel() {
        Conversation saga = Conversation.started(parcel(), new Trip("", false)).succeeds("book");
        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(saga.status("weigh")).isEqualTo(StepStatus.SKIPPED);
        return saga;
    }

    private Conversation stuckAtTheNote() {
        broken.set(false);
        Conversation saga = Conversation.started(parcel(), new Trip("", false))
                .succeeds("book")
                .succeeds("label")
                .succeeds("letter")
                .rejects("note");
        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        return saga;
    }

    private static void assertNotAllowed(Conversation saga, SagaEvent verb) {
        SagaState before = saga.state();
        saga.tell(verb);
        assertThat(saga.disposition()).isEqualTo(Disposition.NOT_ALLOWED);
        assertThat(saga.state()).isSameAs(before);
        assertThat(saga.effects()).isEmpty();
    }

    @Test
    void a_step_that_is_done_is_asked_again_and_its_answer_taken_in_again() {
        Conversation saga = stuckAtTheLabel();
        broken.set(false);

        saga.tell(new ResumeFrom("book"));

        assertThat(saga.effects()).containsExactly("action book -> clerk");
        assertThat(saga.phase()).isEqualTo(SagaPhase.RUNNING);
        assertThat(saga.reasonCode()).isNull();
        saga.succeedsWith("book", new Booked("8"));
        assertThat(saga.data().notes()).isEqualTo("8");
        assertThat(saga.effects()).containsExactly("action label -> printer");
    }

    @Test
    void what_was_skipped_behind_it_is_looked_at_again() {
        Conversation saga = stuckAtTheLabel();

        saga.tell(new ResumeFrom("book"));

        assertThat(saga.status("weigh")).isEqualTo(StepStatus.PENDING);
    }

    @Test
    void what_it_had_done_is_compensated_though_it_was_asked_again() {
        Conversation saga = stuckAtTheLabel().tell(new ResumeFrom("book")).tell(new TurnBack("enough"));

        assertThat(saga.effects()).contains("compensation book -> clerk");
    }

    @Test
    void a_step_whose_command_is_empty_now_does_not_forget_what_it_did() {
        Conversation saga = stuckAtTheLabel();
        needed.set(false);

        saga.tell(new ResumeFrom("book"));

        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(saga.state().reason()).contains("is empty now");
        assertThat(saga.status("book")).isEqualTo(StepStatus.SUCCEEDED);
        assertThat(saga.status("weigh")).isEqualTo(StepStatus.SKIPPED);
    }

    @Test
    void a_step_that_would_go_to_somebody_else_now_is_not_asked() {
        Conversation saga = stuckAtTheLabel();
        clerk.set("another-clerk");

        saga.tell(new ResumeFrom("book"));

        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(saga.state().reason()).contains("would go to 'another-clerk' now");
        assertThat(saga.effects()).isEmpty();
        assertThat(saga.status("book")).isEqualTo(StepStatus.SUCCEEDED);
    }

    @Test
    void behind_the_pivot_what_is_done_stays_done_and_what_was_rejected_has_its_turn_again() {
        Conversation saga = stuckAtTheNote().tell(new ResumeFrom("letter"));

        assertThat(saga.effects()).containsExactly("action letter -> post");
        assertThat(saga.status("note")).isEqualTo(StepStatus.PENDING);
        assertThat(saga.status("label")).isEqualTo(StepStatus.SUCCEEDED);
        assertThat(saga.succeeds("letter").effects()).containsExactly("action note -> post");
        assertThat(saga.round("note")).isEqualTo(1);
        assertThat(saga.succeeds("note").phase()).isEqualTo(SagaPhase.COMPLETED);
    }

    @Test
    void what_lies_before_steps_that_were_done_is_not_asked_again() {
        assertNotAllowed(stuckAtTheNote(), new ResumeFrom("book"));
        assertNotAllowed(stuckAtTheNote(), new ResumeFrom("label"));
    }

    @Test
    void what_has_not_begun_and_what_is_not_there_is_refused() {
        assertNotAllowed(stuckAtTheLabel(), new ResumeFrom("letter"));
        assertThat(stuckAtTheLabel().tell(new ResumeFrom("cruise")).disposition())
                .isEqualTo(Disposition.UNKNOWN_STEP);
    }

    @Test
    void who_is_not_stuck_or_is_paused_or_has_turned_back_is_refused() {
        assertNotAllowed(Conversation.started(TripSagas.trip()).succeeds("hotel"), new ResumeFrom("hotel"));
        assertNotAllowed(stuckAtTheLabel().tell(new Hold("x", null)), new ResumeFrom("book"));
        assertNotAllowed(
                Conversation.started(TripSagas.trip())
                        .succeeds("hotel")
                        .rejects("insurance")
                        .compensationFails("hotel"),
                new ResumeFrom("hotel"));
    }

    @Test
    void a_local_step_that_is_done_is_not_run_again() {
        Conversation saga = Conversation.started(TripSagas.local())
                .ran("quota", CommandKind.ACTION)
                .succeeds("hotel")
                .ran("invoice", CommandKind.ACTION)
                .threwForGood("archive", CommandKind.ACTION);
        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);

        assertNotAllowed(saga, new ResumeFrom("invoice"));
        assertThat(saga.tell(new ResumeFrom("archive")).effects()).containsExactly("run action archive");
    }

    @Test
    void what_was_ended_by_hand_is_taken_up_where_it_stood() {
        Conversation saga = Conversation.started(TripSagas.trip())
                .succeeds("hotel")
                .tell(new ResolveByHand(SagaPhase.COMPENSATED, "ann: by mistake"));

        saga.tell(new Reopen());

        assertThat(saga.phase()).isEqualTo(SagaPhase.RUNNING);
        assertThat(saga.reasonCode()).isNull();
        assertThat(saga.effects()).isEmpty();
        assertThat(saga.after(Duration.ofMinutes(5)).effects()).contains("action insurance -> lloyd #2");
        assertThat(saga.succeeds("insurance").effects()).containsExactly("action flight -> airline");
    }

    @Test
    void what_was_stuck_is_stuck_again_and_says_why() {
        Conversation saga = stuckAtTheNote().tell(new ResolveByHand(SagaPhase.COMPLETED, "ann: nobody reads it"));

        saga.tell(new Reopen());

        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(saga.reasonCode()).isEqualTo(ReasonCode.NON_RETRYABLE);
        assertThat(saga.effects()).containsExactly("STUCK");
        assertThat(saga.tell(new RetryNow()).effects()).containsExactly("action note -> post");
    }

    @Test
    void what_was_turning_back_goes_on_turning_back() {
        Conversation saga = Conversation.started(TripSagas.trip())
                .succeeds("hotel")
                .tell(new TurnBack("no money"))
                .tell(new ResolveByHand(SagaPhase.COMPLETED, "ann: paid after all"));

        saga.tell(new Reopen());

        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPENSATING);
        assertThat(saga.reasonCode()).isEqualTo(ReasonCode.CANCELLED);
    }

    @Test
    void what_has_ended_by_itself_stays_so() {
        Conversation done = Conversation.started(TripSagas.trip())
                .succeeds("hotel")
                .succeeds("insurance")
                .succeeds("flight")
                .succeeds("tickets");
        assertThat(done.phase()).isEqualTo(SagaPhase.COMPLETED);
        assertNotAllowed(done, new Reopen());
        assertNotAllowed(Conversation.started(TripSagas.trip()), new Reopen());
        assertNotAllowed(
                Conversation.started(TripSagas.trip()).tell(new Skip("hotel", CommandKind.ACTION, null)), new Reopen());
    }

    @Test
    void a_saga_that_others_may_wait_for_stays_ended() {
        SagaDefinition child = SagaDefinition.named("child")
                .asSubSaga()
                .data(Trip.class)
                .step("hotel", "grand", Book.class, trip -> new Book("room"))
                .compensatedBy("grand", Cancel.class, trip -> new Cancel("room"))
                .build();

        assertNotAllowed(Conversation.started(child).tell(new ResolveByHand(SagaPhase.COMPLETED, "ann")), new Reopen());
    }
}
