package io.amends.saga.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.saga.engine.Conversation.Booked;
import io.amends.saga.engine.Conversation.Trip;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables themselves; that they say what the engine does is {@link RandomWalkTest}'s part. */
class TransitionsTest {

    @Test
    void only_the_ends_have_no_way_out_but_an_operators() {
        assertThat(Arrays.stream(SagaPhase.values())
                        .filter(phase -> Transitions.OF_PHASES.stream()
                                .filter(transition -> transition.from() == phase)
                                .allMatch(transition -> transition.triggers().equals(Set.of(Trigger.OPERATOR)))))
                .containsExactly(SagaPhase.COMPLETED, SagaPhase.COMPENSATED)
                .allMatch(SagaPhase::isTerminal);
    }

    @Test
    void every_state_is_reached() {
        assertThat(Transitions.OF_PHASES.stream().map(Transition::to).distinct())
                .containsExactlyInAnyOrder(SagaPhase.values());
        assertThat(Stream.concat(
                                Stream.of(StepStatus.PENDING),
                                Transitions.OF_STEPS.stream().map(Transition::to))
                        .distinct())
                .containsExactlyInAnyOrder(StepStatus.values());
    }

    @Test
    void each_way_stands_in_one_row() {
        assertThat(Stream.of(Transitions.OF_PHASES, Transitions.OF_STEPS)
                        .flatMap(List::stream)
                        .map(transition -> Map.entry(transition.from(), transition.to())))
                .doesNotHaveDuplicates();
    }

    @Test
    void every_event_is_one_of_four_triggers() {
        assertThat(Trigger.of(new SagaEvent.Started())).isEqualTo(Trigger.START);
        assertThat(Trigger.of(new SagaEvent.TimeCame())).isEqualTo(Trigger.TIME);
        assertThat(List.of(
                        Conversation.reply("hotel", CommandKind.ACTION, "grand", Outcome.SUCCESS),
                        new SagaEvent.LocalStepRan("quota", CommandKind.ACTION, new Trip("", true), null),
                        new SagaEvent.LocalStepThrew("quota", CommandKind.ACTION, "broken", false),
                        new SagaEvent.SignalReceived("go", new Booked("1"))))
                .extracting(Trigger::of)
                .containsOnly(Trigger.ANSWER);
        assertThat(Trigger.of(new SagaEvent.RetryNow())).isEqualTo(Trigger.OPERATOR);
        assertThat(Trigger.OPERATOR.word()).isEqualTo("operator");
    }
}
