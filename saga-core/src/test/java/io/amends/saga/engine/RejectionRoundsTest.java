package io.amends.saga.engine;

import static io.amends.saga.engine.CommandKind.ACTION;
import static io.amends.saga.engine.CommandKind.COMPENSATION;
import static org.assertj.core.api.Assertions.assertThat;

import io.amends.saga.engine.SagaEffect.SendCommand;
import io.amends.saga.engine.SagaEvent.RetryNow;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What was rejected and is tried again by an operator is another question, and old answers are none to it. */
class RejectionRoundsTest {

    private static Conversation stuckAtTheTickets() {
        return Conversation.started(TripSagas.trip())
                .succeeds("hotel")
                .succeeds("insurance")
                .succeeds("flight")
                .rejects("tickets");
    }

    private static Conversation stuckOnTheWayBack() {
        return Conversation.started(TripSagas.trip())
                .succeeds("hotel")
                .succeeds("insurance")
                .rejects("flight")
                .rejectsCompensation("insurance");
    }

    private static int roundAsked(Conversation saga, String step, CommandKind kind) {
        Decision decision =
                SagaEngine.decide(TripSagas.trip(), saga.state(), new RetryNow(), new Moment(Conversation.START, 0));
        return decision.effects().stream()
                .filter(SendCommand.class::isInstance)
                .map(SendCommand.class::cast)
                .filter(send -> send.step().equals(step) && send.kind() == kind)
                .findFirst()
                .orElseThrow()
                .round();
    }

    @Test
    void what_must_succeed_and_was_rejected_is_asked_anew_in_the_next_round() {
        Conversation saga = stuckAtTheTickets();
        assertThat(saga.round("tickets")).isZero();
        assertThat(roundAsked(saga, "tickets", ACTION)).isEqualTo(1);

        saga.tell(new RetryNow()).rejects("tickets");

        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(saga.round("tickets")).isEqualTo(1);
        assertThat(roundAsked(saga, "tickets", ACTION)).isEqualTo(2);
    }

    @Test
    void a_compensation_that_was_rejected_is_asked_anew_in_the_next_round() {
        Conversation saga = stuckOnTheWayBack();
        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(roundAsked(saga, "insurance", COMPENSATION)).isEqualTo(1);

        saga.tell(new RetryNow()).compensated("insurance").compensated("hotel");

        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPENSATED);
    }

    @Test
    void what_nobody_answered_is_the_same_question_however_often_it_is_tried_again() {
        Conversation saga = Conversation.started(TripSagas.trip())
                .succeeds("hotel")
                .succeeds("insurance")
                .errsForGood("flight");
        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);

        assertThat(roundAsked(saga, "flight", ACTION)).isZero();
    }

    @Test
    void another_attempt_of_a_round_is_of_the_same_round() {
        Conversation saga = stuckAtTheTickets().tell(new RetryNow()).errs("tickets");
        assertThat(saga.state().step("tickets").attempts()).isEqualTo(1);

        saga.whenDue();

        assertThat(saga.effects()).containsExactly("action tickets -> post #2");
        assertThat(saga.round("tickets")).isEqualTo(1);
    }

    @Test
    void the_no_of_an_earlier_round_is_late_and_the_yes_of_any_round_counts() {
        Conversation saga = stuckAtTheTickets().tell(new RetryNow());
        SagaState asked = saga.state();

        saga.tell(Conversation.reply("tickets", ACTION, "post", Outcome.REJECTION, 0));
        assertThat(saga.disposition()).isEqualTo(Disposition.LATE);
        saga.tell(Conversation.error("tickets", ACTION, "post", true, 0));
        assertThat(saga.disposition()).isEqualTo(Disposition.LATE);
        assertThat(saga.state()).isSameAs(asked);

        saga.tell(Conversation.reply("tickets", ACTION, "post", Outcome.SUCCESS, 0));
        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPLETED);
        saga.tell(Conversation.reply("tickets", ACTION, "post", Outcome.REJECTION, 0));
        assertThat(saga.disposition()).isEqualTo(Disposition.LATE);
    }

    @Test
    void the_no_of_an_earlier_round_is_late_for_a_compensation_too() {
        Conversation saga = stuckOnTheWayBack().tell(new RetryNow());

        saga.tell(Conversation.reply("insurance", COMPENSATION, "broker", Outcome.REJECTION, 0));

        assertThat(saga.disposition()).isEqualTo(Disposition.LATE);
        assertThat(saga.status("insurance")).isEqualTo(StepStatus.COMPENSATING);
        assertThat(saga.after(Duration.ofHours(1)).round("insurance")).isEqualTo(1);
    }
}
