package io.amends.saga.engine;

import static io.amends.saga.engine.CommandKind.ACTION;
import static io.amends.saga.engine.CommandKind.COMPENSATION;
import static org.assertj.core.api.Assertions.assertThat;

import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.engine.Conversation.Booked;
import io.amends.saga.engine.Conversation.SoldOut;
import io.amends.saga.engine.Conversation.Trip;
import io.amends.saga.engine.SagaEvent.LocalStepRan;
import io.amends.saga.engine.SagaEvent.ReplyReceived;
import java.util.List;
import org.junit.jupiter.api.Test;

class SagaEngineTest {

    @Test
    void every_step_succeeds_in_order_and_the_saga_completes() {
        Conversation saga = Conversation.started(TripSagas.trip());
        assertThat(saga.effects()).containsExactly("action hotel -> grand");
        assertThat(saga.status("insurance")).isEqualTo(StepStatus.PENDING);

        saga.succeeds("hotel");
        assertThat(saga.effects()).containsExactly("action insurance -> lloyd");
        saga.succeeds("insurance");
        assertThat(saga.effects()).containsExactly("action flight -> airline");
        saga.succeeds("flight");
        assertThat(saga.effects()).containsExactly("action tickets -> post");
        assertThat(saga.phase()).isEqualTo(SagaPhase.RUNNING);

        saga.succeeds("tickets");
        assertThat(saga.effects()).containsExactly("COMPLETED");
        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPLETED);
        assertThat(saga.reasonCode()).isNull();
    }

    @Test
    void replies_are_taken_into_the_data_by_their_type() {
        Conversation saga = Conversation.started(TripSagas.trip())
                .tell(new ReplyReceived(
                        "hotel", ACTION, "grand", Outcome.SUCCESS, new Booked("7"), "booked", false, 0, 0));
        assertThat(saga.data()).isEqualTo(new Trip("room 7", true));

        Conversation refused = Conversation.started(TripSagas.trip())
                .tell(new ReplyReceived(
                        "hotel", ACTION, "grand", Outcome.REJECTION, new SoldOut("room"), "sold-out", false, 0, 0));
        assertThat(refused.data()).isEqualTo(new Trip("no room", true));
    }

    @Test
    void a_step_without_a_command_is_skipped_and_has_nothing_to_compensate() {
        Conversation saga =
                Conversation.started(TripSagas.trip(), new Trip("", false)).succeeds("hotel");
        assertThat(saga.status("insurance")).isEqualTo(StepStatus.SKIPPED);
        assertThat(saga.effects()).containsExactly("action flight -> airline");

        saga.rejects("flight");

        assertThat(saga.effects()).containsExactly("COMPENSATING", "compensation hotel -> grand");
        assertThat(saga.status("insurance")).isEqualTo(StepStatus.SKIPPED);
    }

    @Test
    void a_rejected_pivot_compensates_what_succeeded_in_reverse_order() {
        Conversation saga = Conversation.started(TripSagas.trip())
                .succeeds("hotel")
                .succeeds("insurance")
                .rejects("flight");
        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPENSATING);
        assertThat(saga.reasonCode()).isEqualTo(ReasonCode.REJECTED);
        assertThat(saga.state().reason()).contains("flight", "airline", "rejection-reply");
        // A compensation may go to someone else than the action did.
        assertThat(saga.effects()).containsExactly("COMPENSATING", "compensation insurance -> broker");

        saga.compensated("insurance");
        assertThat(saga.effects()).containsExactly("compensation hotel -> grand");
        saga.compensated("hotel");

        assertThat(saga.effects()).containsExactly("COMPENSATED");
        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPENSATED);
        assertThat(saga.reasonCode()).isEqualTo(ReasonCode.REJECTED);
        assertThat(saga.status("flight")).isEqualTo(StepStatus.REJECTED);
        assertThat(saga.status("tickets")).isEqualTo(StepStatus.PENDING);
    }

    @Test
    void a_rejected_first_step_leaves_nothing_to_compensate() {
        Conversation saga = Conversation.started(TripSagas.trip()).rejects("hotel");

        assertThat(saga.effects()).containsExactly("COMPENSATING", "COMPENSATED");
        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPENSATED);
    }

    @Test
    void a_rejected_retriable_step_is_stuck_and_never_turns_back() {
        Conversation saga = afterThePivot().rejects("tickets");

        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(saga.reasonCode()).isEqualTo(ReasonCode.NON_RETRYABLE);
        assertThat(saga.effects()).containsExactly("STUCK");
    }

    @Test
    void a_saga_that_was_stuck_on_its_way_back_says_in_the_end_why_it_turned_back() {
        Conversation saga = Conversation.started(TripSagas.trip())
                .succeeds("hotel")
                .rejects("insurance")
                .compensationFails("hotel")
                .compensated("hotel");

        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPENSATED);
        assertThat(saga.reasonCode()).isEqualTo(ReasonCode.REJECTED);
        assertThat(saga.state().reason()).contains("insurance", "lloyd");
    }

    @Test
    void local_steps_run_one_after_another_and_the_last_one_completes_the_saga() {
        Conversation saga = Conversation.started(TripSagas.local());
        assertThat(saga.effects()).containsExactly("run action quota");

        saga.ran("quota", ACTION);
        assertThat(saga.data().notes()).isEqualTo("quota");
        assertThat(saga.effects()).containsExactly("action hotel -> grand");
        saga.succeeds("hotel");
        assertThat(saga.effects()).containsExactly("run action invoice");
        saga.ran("invoice", ACTION);
        assertThat(saga.effects()).containsExactly("run action archive");
        saga.ran("archive", ACTION);

        assertThat(saga.effects()).containsExactly("COMPLETED");
    }

    @Test
    void local_compensations_run_in_reverse_order_too() {
        Conversation saga = Conversation.started(TripSagas.local())
                .ran("quota", ACTION)
                .succeeds("hotel")
                .tell(new LocalStepRan("invoice", ACTION, new Trip("lost", true), new SoldOut("paper")));
        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPENSATING);
        assertThat(saga.reasonCode()).isEqualTo(ReasonCode.REJECTED);
        // What a step that says no made of the data is not kept.
        assertThat(saga.data().notes()).isEqualTo("quota");
        assertThat(saga.effects()).containsExactly("COMPENSATING", "compensation hotel -> grand");

        saga.compensated("hotel");
        assertThat(saga.effects()).containsExactly("run compensation quota");
        saga.ran("quota", COMPENSATION);
        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPENSATED);
    }

    @Test
    void the_same_arguments_give_the_same_decision() {
        SagaDefinition definition = TripSagas.parallel();
        SagaState state = Conversation.started(definition).succeeds("visa").state();
        SagaEvent event = Conversation.reply("car", ACTION, "rental", Outcome.REJECTION);

        Moment moment = new Moment(Conversation.START, 0.3);

        Decision first = SagaEngine.decide(definition, state, event, moment);

        assertThat(SagaEngine.decide(definition, state, event, moment)).isEqualTo(first);
        assertThat(SagaEngine.decide(TripSagas.parallel(), state, event, moment))
                .isEqualTo(first);
        assertThat(List.of(state.step("car").status())).containsExactly(StepStatus.SENT);
    }

    private static Conversation afterThePivot() {
        return Conversation.started(TripSagas.trip())
                .succeeds("hotel")
                .succeeds("insurance")
                .succeeds("flight");
    }
}
