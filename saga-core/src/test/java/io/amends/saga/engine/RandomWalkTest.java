package io.amends.saga.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.saga.StepKind;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.StepAction;
import io.amends.saga.definition.StepDefinition;
import io.amends.saga.engine.Conversation.SoldOut;
import io.amends.saga.engine.Conversation.Trip;
import io.amends.saga.engine.SagaEffect.RunLocalStep;
import io.amends.saga.engine.SagaEffect.SendCommand;
import io.amends.saga.engine.SagaEvent.LocalStepRan;
import io.amends.saga.engine.SagaEvent.LocalStepThrew;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Walks through the engine with events by chance, most of them nonsense, and checks what must hold for any sequence. */
class RandomWalkTest {

    private static final List<String> PARTICIPANTS =
            List.of("grand", "lloyd", "broker", "airline", "post", "consul", "rental", "bank", "telco");

    @Test
    void no_sequence_of_events_breaks_the_order_of_compensations() {
        long seed = new Random().nextLong();
        System.out.println("RandomWalkTest seed " + seed);
        Random random = new Random(seed);
        Map<SagaPhase, Integer> ends = new HashMap<>();
        for (int walk = 0; walk < 3_000; walk++) {
            SagaDefinition definition = switch (walk % 3) {
                case 0 -> TripSagas.trip();
                case 1 -> TripSagas.parallel();
                default -> TripSagas.local();
            };
            SagaPhase end = new Walk(definition, random, "seed %d, walk %d".formatted(seed, walk)).run();
            ends.merge(end, 1, Integer::sum);
        }
        System.out.println("RandomWalkTest ends " + ends);
        // A walk that never gets anywhere would prove nothing.
        assertThat(ends).containsKeys(SagaPhase.COMPLETED, SagaPhase.COMPENSATED);
    }

    private static final class Walk {
        private final SagaDefinition definition;
        private final Random random;
        private final String where;
        private final Map<String, Set<String>> asked = new HashMap<>();
        private final List<SagaEvent> told = new ArrayList<>();
        private SagaState state;

        Walk(SagaDefinition definition, Random random, String where) {
            this.definition = definition;
            this.random = random;
            this.where = where;
            this.state = SagaState.initial(new Trip("", random.nextBoolean()));
        }

        SagaPhase run() {
            tell(new SagaEvent.Started());
            for (int step = 0; step < 60; step++) {
                tell(next());
            }
            return state.phase();
        }

        /** Half sensible, so that the walk gets somewhere; the rest anything, repeats included. */
        private SagaEvent next() {
            int choice = random.nextInt(10);
            List<StepDefinition> open = definition.steps().stream()
                    .filter(step -> isOpen(state.step(step.name())))
                    .toList();
            if (choice < 5 && !open.isEmpty()) {
                StepState step =
                        state.step(open.get(random.nextInt(open.size())).name());
                return answer(step.name(), openKind(step), step.participant() == null ? "" : step.participant());
            }
            if (choice < 7) {
                return told.get(random.nextInt(told.size()));
            }
            String step = definition
                    .steps()
                    .get(random.nextInt(definition.steps().size()))
                    .name();
            return answer(
                    random.nextInt(20) == 0 ? "cruise" : step,
                    random.nextBoolean() ? CommandKind.ACTION : CommandKind.COMPENSATION,
                    PARTICIPANTS.get(random.nextInt(PARTICIPANTS.size())));
        }

        private SagaEvent answer(String step, CommandKind kind, String participant) {
            boolean local = definition
                    .step(step)
                    .map(found -> found.action() instanceof StepAction.Local)
                    .orElse(random.nextBoolean());
            int chance = random.nextInt(10);
            if (local) {
                return chance == 0
                        ? new LocalStepThrew(step, kind, "by chance")
                        : new LocalStepRan(
                                step,
                                kind,
                                ((Trip) state.data()).note(step),
                                chance < 3 && kind == CommandKind.ACTION ? new SoldOut("luck") : null);
            }
            Outcome outcome = chance < 7 ? Outcome.SUCCESS : chance < 9 ? Outcome.REJECTION : Outcome.ERROR;
            return Conversation.reply(step, kind, participant, outcome);
        }

        private static boolean isOpen(StepState step) {
            return step.isAwaitingAction() || step.isAwaitingCompensation();
        }

        private static CommandKind openKind(StepState step) {
            return step.isAwaitingAction() ? CommandKind.ACTION : CommandKind.COMPENSATION;
        }

        private void tell(SagaEvent event) {
            told.add(event);
            SagaState before = state;
            Decision decision = SagaEngine.decide(definition, before, event);
            String at = where + ", after " + told;
            assertThat(SagaEngine.decide(definition, before, event)).as(at).isEqualTo(decision);
            if (decision.disposition() != Disposition.ACCEPTED) {
                assertThat(decision.state()).as(at).isSameAs(before);
                assertThat(decision.effects()).as(at).isEmpty();
            }
            if (before.phase().isTerminal()) {
                assertThat(decision.disposition()).as(at).isNotEqualTo(Disposition.ACCEPTED);
            }
            state = decision.state();
            for (SagaEffect effect : decision.effects()) {
                check(effect, at);
            }
            checkEnd(at);
        }

        private void check(SagaEffect effect, String at) {
            String step;
            CommandKind kind;
            if (effect instanceof SendCommand send) {
                step = send.step();
                kind = send.kind();
            } else if (effect instanceof RunLocalStep run) {
                step = run.step();
                kind = run.kind();
            } else {
                return;
            }
            assertThat(asked.computeIfAbsent(kind.wireName(), first -> new HashSet<>())
                            .add(step))
                    .as("%s: the %s of %s is asked for once", at, kind, step)
                    .isTrue();
            if (kind == CommandKind.COMPENSATION) {
                checkCompensation(step, at);
            }
        }

        private void checkCompensation(String step, String at) {
            assertThat(state.step(step).outcome())
                    .as("%s: %s had succeeded", at, step)
                    .isEqualTo(Outcome.SUCCESS);
            int order = definition.step(step).orElseThrow().order();
            for (StepDefinition other : definition.steps()) {
                StepStatus status = state.step(other.name()).status();
                if (other.kind() == StepKind.PIVOT) {
                    assertThat(status).as("%s: the pivot", at).isNotEqualTo(StepStatus.SUCCEEDED);
                }
                if (other.order() > order) {
                    assertThat(status)
                            .as("%s: %s comes before %s on the way back", at, other.name(), step)
                            .isIn(StepStatus.PENDING, StepStatus.REJECTED, StepStatus.COMPENSATED, StepStatus.SKIPPED);
                }
            }
        }

        private void checkEnd(String at) {
            for (StepDefinition step : definition.steps()) {
                StepStatus status = state.step(step.name()).status();
                if (state.phase() == SagaPhase.COMPLETED) {
                    assertThat(status).as(at).isIn(StepStatus.SUCCEEDED, StepStatus.SKIPPED);
                } else if (state.phase() == SagaPhase.COMPENSATED) {
                    assertThat(status)
                            .as(at)
                            .isIn(StepStatus.PENDING, StepStatus.REJECTED, StepStatus.COMPENSATED, StepStatus.SKIPPED);
                }
            }
            assertThat(state.reasonCode() == null)
                    .as("%s: a reason stands where something is wrong", at)
                    .isEqualTo(state.phase() == SagaPhase.RUNNING || state.phase() == SagaPhase.COMPLETED);
            if (state.phase() == SagaPhase.COMPENSATING || state.phase() == SagaPhase.COMPENSATED) {
                assertThat(state.reasonCode()).as(at).isEqualTo(ReasonCode.REJECTED);
            }
        }
    }
}
