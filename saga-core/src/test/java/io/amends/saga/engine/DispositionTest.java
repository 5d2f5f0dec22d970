package io.amends.saga.engine;

import static io.amends.saga.engine.CommandKind.ACTION;
import static io.amends.saga.engine.CommandKind.COMPENSATION;
import static io.amends.saga.engine.Outcome.ERROR;
import static io.amends.saga.engine.Outcome.REJECTION;
import static io.amends.saga.engine.Outcome.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;

import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.StepDefinition;
import io.amends.saga.engine.Conversation.Booked;
import io.amends.saga.engine.Conversation.Trip;
import io.amends.saga.engine.SagaEvent.LocalStepRan;
import io.amends.saga.engine.SagaEvent.LocalStepThrew;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Events that do not count: each has a name, and none changes anything. */
class DispositionTest {

    private record Case(String name, Conversation before, SagaEvent event, Disposition disposition) {}

    private static Conversation waitingForInsurance() {
        return Conversation.started(TripSagas.trip()).succeeds("hotel");
    }

    private static Conversation compensatingInsurance() {
        return waitingForInsurance().succeeds("insurance").rejects("flight");
    }

    private static List<Case> cases() {
        SagaEvent hotelAgain = Conversation.reply("hotel", ACTION, "grand", SUCCESS);
        return List.of(
                new Case("a second start", waitingForInsurance(), new SagaEvent.Started(), Disposition.DUPLICATE),
                new Case("a success again", waitingForInsurance(), hotelAgain, Disposition.DUPLICATE),
                new Case(
                        "an error again",
                        waitingForInsurance().answer("insurance", ERROR),
                        Conversation.reply("insurance", ACTION, "lloyd", ERROR),
                        Disposition.DUPLICATE),
                new Case(
                        "a rejection again",
                        compensatingInsurance(),
                        Conversation.reply("flight", ACTION, "airline", REJECTION),
                        Disposition.DUPLICATE),
                new Case(
                        "a compensation's success again",
                        compensatingInsurance().compensated("insurance"),
                        Conversation.reply("insurance", COMPENSATION, "broker", SUCCESS),
                        Disposition.DUPLICATE),
                new Case(
                        "a compensation's error again",
                        compensatingInsurance().compensationFails("insurance"),
                        Conversation.reply("insurance", COMPENSATION, "broker", ERROR),
                        Disposition.DUPLICATE),
                new Case(
                        "an action's success while its compensation is open",
                        compensatingInsurance(),
                        Conversation.reply("insurance", ACTION, "lloyd", SUCCESS),
                        Disposition.DUPLICATE),
                new Case(
                        "a rejection after the success",
                        waitingForInsurance(),
                        Conversation.reply("hotel", ACTION, "grand", REJECTION),
                        Disposition.CONTRADICTORY),
                new Case(
                        "a success after the rejection",
                        compensatingInsurance(),
                        Conversation.reply("flight", ACTION, "airline", SUCCESS),
                        Disposition.CONTRADICTORY),
                new Case(
                        "an error after the compensation's success",
                        compensatingInsurance().compensated("insurance"),
                        Conversation.reply("insurance", COMPENSATION, "broker", ERROR),
                        Disposition.CONTRADICTORY),
                new Case(
                        "a reply to a step that has not begun",
                        waitingForInsurance(),
                        Conversation.reply("flight", ACTION, "airline", SUCCESS),
                        Disposition.NOT_ASKED),
                new Case(
                        "a reply to a step that was skipped",
                        Conversation.started(TripSagas.trip(), new Trip("", false))
                                .succeeds("hotel"),
                        Conversation.reply("insurance", ACTION, "lloyd", SUCCESS),
                        Disposition.NOT_ASKED),
                new Case(
                        "a compensation's reply while going forward",
                        waitingForInsurance(),
                        Conversation.reply("hotel", COMPENSATION, "grand", SUCCESS),
                        Disposition.NOT_ASKED),
                new Case(
                        "a compensation's reply before its turn",
                        compensatingInsurance(),
                        Conversation.reply("hotel", COMPENSATION, "grand", SUCCESS),
                        Disposition.NOT_ASKED),
                new Case(
                        "a local step that nobody began",
                        Conversation.started(TripSagas.local()),
                        new LocalStepRan("invoice", ACTION, new Trip("x", true), null),
                        Disposition.NOT_ASKED),
                new Case(
                        "a local step that ran before and throws now",
                        Conversation.started(TripSagas.local()).ran("quota", ACTION),
                        new LocalStepThrew("quota", ACTION, "x", false),
                        Disposition.NOT_ASKED),
                new Case(
                        "an answer of another participant",
                        waitingForInsurance(),
                        Conversation.reply("insurance", ACTION, "grand", SUCCESS),
                        Disposition.WRONG_PARTICIPANT),
                new Case(
                        "an answer of another participant after an error",
                        waitingForInsurance().answer("insurance", ERROR),
                        Conversation.reply("insurance", ACTION, "grand", SUCCESS),
                        Disposition.WRONG_PARTICIPANT),
                new Case(
                        "a compensation's answer of the action's participant",
                        compensatingInsurance(),
                        Conversation.reply("insurance", COMPENSATION, "lloyd", SUCCESS),
                        Disposition.WRONG_PARTICIPANT),
                new Case(
                        "a message for a local step",
                        Conversation.started(TripSagas.local()),
                        Conversation.reply("quota", ACTION, "grand", SUCCESS),
                        Disposition.WRONG_PARTICIPANT),
                new Case(
                        "a reply to no step",
                        waitingForInsurance(),
                        Conversation.reply("cruise", ACTION, "lloyd", SUCCESS),
                        Disposition.UNKNOWN_STEP),
                new Case(
                        "no local step",
                        waitingForInsurance(),
                        new LocalStepRan("cruise", ACTION, new Trip("x", true), null),
                        Disposition.UNKNOWN_STEP),
                new Case(
                        "no local step that throws",
                        waitingForInsurance(),
                        new LocalStepThrew("cruise", ACTION, "x", false),
                        Disposition.UNKNOWN_STEP));
    }

    @TestFactory
    Stream<DynamicTest> what_does_not_count_changes_nothing() {
        return cases().stream()
                .map(one -> DynamicTest.dynamicTest(one.name() + " is " + one.disposition(), () -> {
                    SagaState before = one.before().state();

                    one.before().tell(one.event());

                    assertThat(one.before().disposition()).isEqualTo(one.disposition());
                    assertThat(one.before().state()).isSameAs(before);
                    assertThat(one.before().effects()).isEmpty();
                }));
    }

    @Test
    void a_repeat_is_counted_only_and_everything_else_is_kept_in_the_history() {
        assertThat(Stream.of(Disposition.values()).filter(disposition -> !disposition.isRecorded()))
                .containsExactly(Disposition.ACCEPTED, Disposition.DUPLICATE);
    }

    @TestFactory
    Stream<DynamicTest> terminal_phases_absorb_everything() {
        List<DynamicTest> tests = new ArrayList<>();
        for (SagaDefinition definition : List.of(TripSagas.trip(), TripSagas.parallel())) {
            for (SagaState end : List.of(completed(definition), compensated(definition))) {
                for (SagaEvent event : everything(definition)) {
                    tests.add(DynamicTest.dynamicTest(
                            "%s %s: %s".formatted(definition.name(), end.phase(), event), () -> {
                                Decision decision = SagaEngine.decide(
                                        definition,
                                        end,
                                        event,
                                        new Moment(Conversation.START.plus(Duration.ofDays(9)), 0));
                                assertThat(decision.disposition()).isNotEqualTo(Disposition.ACCEPTED);
                                assertThat(decision.state()).isSameAs(end);
                                assertThat(decision.effects()).isEmpty();
                            }));
                }
            }
        }
        return tests.stream();
    }

    private static SagaState completed(SagaDefinition definition) {
        Conversation saga = Conversation.started(definition);
        definition.steps().forEach(step -> saga.succeeds(step.name()));
        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPLETED);
        return saga.state();
    }

    private static SagaState compensated(SagaDefinition definition) {
        Conversation saga = Conversation.started(definition);
        String first = definition.steps().get(0).name();
        saga.succeeds(first);
        definition.steps().stream()
                .filter(step -> saga.status(step.name()) == StepStatus.SENT)
                .forEach(step -> saga.rejects(step.name()));
        saga.compensated(first);
        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPENSATED);
        return saga.state();
    }

    private static List<SagaEvent> everything(SagaDefinition definition) {
        List<SagaEvent> events = new ArrayList<>();
        events.add(new SagaEvent.Started());
        events.add(new SagaEvent.TimeCame());
        events.add(new SagaEvent.SignalReceived("go", new Booked("7")));
        events.add(new SagaEvent.RetryNow());
        events.add(new SagaEvent.TurnBack("x"));
        events.add(new SagaEvent.Reopen());
        events.add(new SagaEvent.ResumeFrom("hotel"));
        events.add(new SagaEvent.EditAndRetry(new Conversation.Trip("", false)));
        events.add(new SagaEvent.ResolveByHand(SagaPhase.COMPLETED, "x"));
        events.add(new SagaEvent.Hold("x", null));
        events.add(new SagaEvent.Resume());
        events.add(new SagaEvent.ExtendDeadline(Conversation.START.plus(Duration.ofDays(99))));
        for (StepDefinition step : definition.steps()) {
            for (CommandKind kind : CommandKind.values()) {
                for (String participant : List.of("grand", "lloyd", "airline", "consul", "broker")) {
                    for (Outcome outcome : Outcome.values()) {
                        events.add(Conversation.reply(step.name(), kind, participant, outcome));
                    }
                }
                events.add(new SagaEvent.Admitted(step.name()));
                events.add(new SagaEvent.Skip(step.name(), kind, null));
                events.add(new LocalStepRan(step.name(), kind, new Trip("x", true), null));
                events.add(new LocalStepThrew(step.name(), kind, "x", false));
            }
        }
        return events;
    }
}
