package io.amends.saga.engine;

import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.StepAction;
import io.amends.saga.definition.StepDefinition;
import io.amends.saga.definition.StepShape;
import io.amends.saga.engine.Conversation.Booked;
import io.amends.saga.engine.Conversation.SoldOut;
import io.amends.saga.engine.Conversation.Trip;
import io.amends.saga.engine.SagaEffect.RunLocalStep;
import io.amends.saga.engine.SagaEvent.LocalStepRan;
import io.amends.saga.engine.SagaEvent.LocalStepThrew;
import io.amends.saga.engine.SagaEvent.ReplyReceived;
import io.amends.saga.engine.SagaEvent.SignalReceived;
import io.amends.saga.engine.SagaEvent.TimeCame;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** One instance that is told events by chance, as the shell would: local steps run at once, due things one by one. */
final class RandomWalk {

    private SagaDefinition definition;
    private final Random random;
    private final WalkRules rules;
    private final List<SagaEvent> told = new ArrayList<>();
    private Instant now = Conversation.START;
    private SagaState state;
    private boolean healing;
    /** Participants by a bit of their name's hash: enough to hold one of several that run in parallel. */
    private int held;

    /** Adds the transitions that it takes to those. */
    RandomWalk(SagaDefinition definition, Random random, Set<Way> taken, String where) {
        this.definition = definition;
        this.random = random;
        this.state = SagaState.initial(new Trip("", random.nextBoolean()));
        this.rules = new WalkRules(definition, taken, where);
    }

    SagaPhase run() {
        return run(40);
    }

    /** So many events, the first of all included. */
    SagaPhase run(int events) {
        if (told.isEmpty()) {
            tell(new SagaEvent.Started());
        }
        for (int step = 0; step < events; step++) {
            step();
        }
        return state.phase();
    }

    /** Moves it to that version where that is allowed, perhaps after no process had its own for a while. */
    Disposition migrate(SagaDefinition to) {
        SagaState before = state;
        boolean moves = before.phase() == SagaPhase.RUNNING || before.phase() == SagaPhase.COMPENSATING;
        SagaState now = moves && random.nextBoolean()
                ? before.stuck(ReasonCode.NO_HANDLER_VERSION, "no process has its version")
                : before;
        SagaEvent move = new SagaEvent.Migrate(definition.version(), StepShape.of(definition), false);
        Disposition disposition =
                SagaEngine.decide(to, now, move, new Moment(this.now, 0)).disposition();
        if (disposition == Disposition.ACCEPTED) {
            state = now;
            definition = to;
            rules.goesOnAs(to);
            tell(move);
        }
        return disposition;
    }

    /** Once everything works and an operator helps, every instance comes to an end. */
    SagaPhase heal() {
        healing = true;
        held = 0;
        for (int round = 0; round < 60 && !state.phase().isTerminal(); round++) {
            tell(new SagaEvent.Resume());
            if (state.phase() == SagaPhase.STUCK) {
                tell(new SagaEvent.RetryNow());
            }
            for (StepDefinition step : definition.steps()) {
                tell(new SagaEvent.Admitted(step.name()));
                StepState current = state.step(step.name());
                CommandKind kind = current.isAwaitingAction() ? CommandKind.ACTION : CommandKind.COMPENSATION;
                if (current.participant() != null) {
                    tell(Conversation.reply(step.name(), kind, current.participant(), Outcome.SUCCESS));
                }
            }
            tell(new SignalReceived("go", new Booked("1")));
            now = now.plusSeconds(30);
            timeCame();
        }
        rules.claim(state.phase().isTerminal(), "everything works and it does not end: " + state);
        return state.phase();
    }

    private void step() {
        int choice = random.nextInt(22);
        if (choice < 8) {
            answerSomethingOpen();
        } else if (choice < 12) {
            now = now.plusSeconds(random.nextInt(15));
            timeCame();
        } else if (choice < 13) {
            tell(new SignalReceived(
                    random.nextInt(5) == 0 ? "stop" : "go",
                    random.nextInt(4) == 0 ? new SoldOut("x") : new Booked("1")));
        } else if (choice < 15) {
            tell(verb());
        } else if (choice < 16) {
            held = random.nextBoolean() ? 0 : random.nextInt(16);
        } else if (choice < 17) {
            tell(new SagaEvent.Admitted(anyStep().name()));
        } else if (choice < 19) {
            SagaEvent again = told.get(random.nextInt(told.size()));
            // A local step ends in the transaction that began it: its word never comes a second time.
            if (!(again instanceof LocalStepRan
                    || again instanceof LocalStepThrew
                    || again instanceof SagaEvent.Migrate)) {
                tell(again);
            }
        } else {
            tell(reply(
                    random.nextInt(20) == 0 ? "cruise" : anyStep().name(),
                    random.nextBoolean() ? CommandKind.ACTION : CommandKind.COMPENSATION,
                    random.nextBoolean() ? "grand" : "p-" + anyStep().name()));
        }
    }

    private void answerSomethingOpen() {
        List<StepState> open = definition.steps().stream()
                .map(step -> state.step(step.name()))
                .filter(step -> step.participant() != null)
                .filter(step -> step.isAwaitingAction() || step.isAwaitingCompensation())
                .toList();
        if (!open.isEmpty()) {
            StepState step = open.get(random.nextInt(open.size()));
            CommandKind kind = step.isAwaitingAction() ? CommandKind.ACTION : CommandKind.COMPENSATION;
            tell(reply(step.name(), kind, step.participant() == null ? "" : step.participant()));
        }
    }

    private SagaEvent reply(String step, CommandKind kind, String participant) {
        int luck = random.nextInt(10);
        return luck < 6
                ? Conversation.reply(step, kind, participant, Outcome.SUCCESS, round(step))
                : luck < 7
                        ? Conversation.reply(step, kind, participant, Outcome.REJECTION, round(step))
                        : error(step, kind, participant, luck < 8);
    }

    /** Mostly the one that is under way. */
    private int round(String step) {
        int current = state.step(step).round();
        return random.nextInt(4) == 0 ? random.nextInt(current + 1) : current;
    }

    /** Some participants do not say which attempt they answer. */
    private SagaEvent error(String step, CommandKind kind, String participant, boolean permanent) {
        int current = state.step(step).attempts();
        int attempt = random.nextInt(4) == 0 ? random.nextInt(current + 1) : random.nextBoolean() ? current : 0;
        return new ReplyReceived(
                step, kind, participant, Outcome.ERROR, null, "error-reply", permanent, attempt, round(step));
    }

    private SagaEvent verb() {
        if (state.phase().isTerminal() && random.nextBoolean()) {
            return new SagaEvent.Reopen();
        }
        boolean isPausedWithNothingOpen = state.pause() != null && !Standing.isAnyOpen(state);
        if (isPausedWithNothingOpen && random.nextInt(3) == 0) {
            return new SagaEvent.ResolveByHand(
                    random.nextBoolean() ? SagaPhase.COMPLETED : SagaPhase.COMPENSATED, "by chance");
        }
        if (state.phase() == SagaPhase.STUCK && random.nextInt(4) == 0) {
            return new SagaEvent.ResumeFrom(leftBehind().name());
        }
        if (state.phase() == SagaPhase.STUCK && random.nextInt(12) == 0) {
            return new SagaEvent.EditAndRetry(state.data());
        }
        List<StepDefinition> unbegun = Standing.nextForward(definition, state);
        boolean isHeldUp = state.phase() == SagaPhase.STUCK && !unbegun.isEmpty();
        StepDefinition step = isHeldUp ? unbegun.get(0) : troubled();
        if (state.phase() == SagaPhase.STUCK && random.nextInt(6) == 0) {
            return new SagaEvent.TurnBack("by chance");
        }
        return switch (random.nextInt(9)) {
            case 0, 1 -> new SagaEvent.RetryNow();
            case 2 ->
                new SagaEvent.Skip(
                        step.name(),
                        random.nextBoolean() ? CommandKind.ACTION : CommandKind.COMPENSATION,
                        random.nextBoolean() ? null : new Booked("2"));
            case 3 -> new SagaEvent.TurnBack("by chance");
            case 4 -> new SagaEvent.Hold("by chance", random.nextBoolean() ? null : now.plusSeconds(10));
            case 5, 6 -> new SagaEvent.Resume();
            case 7 -> new SagaEvent.ExtendDeadline(now.plusSeconds(random.nextInt(60) - 10));
            default ->
                random.nextInt(8) == 0
                        ? new SagaEvent.ResolveByHand(
                                random.nextBoolean() ? SagaPhase.COMPLETED : SagaPhase.COMPENSATED, "by chance")
                        : new SagaEvent.RetryNow();
        };
    }

    /** What an operator would look at, if there is such a step. */
    private StepDefinition troubled() {
        Set<StepStatus> trouble = Set.of(
                StepStatus.UNKNOWN, StepStatus.REJECTED, StepStatus.COMPENSATION_FAILED, StepStatus.COMPENSATING);
        return definition.steps().stream()
                .filter(step -> trouble.contains(state.step(step.name()).status())
                        || state.step(step.name()).held() != null)
                .findFirst()
                .orElseGet(this::anyStep);
    }

    /** What an operator would go on from: a step that was left out, or else any. */
    private StepDefinition leftBehind() {
        List<StepDefinition> skipped = definition.steps().stream()
                .filter(step -> state.step(step.name()).status() == StepStatus.SKIPPED
                        || (step.action() instanceof StepAction.Await
                                && state.step(step.name()).status() == StepStatus.SUCCEEDED))
                .toList();
        return skipped.isEmpty() || random.nextBoolean() ? anyStep() : skipped.get(random.nextInt(skipped.size()));
    }

    private StepDefinition anyStep() {
        return definition.steps().get(random.nextInt(definition.steps().size()));
    }

    private void timeCame() {
        for (int round = 0; round < definition.steps().size() + 3; round++) {
            if (tell(new TimeCame(), healing) == Disposition.DUPLICATE) {
                return;
            }
        }
        rules.claim(false, "something is due for ever: " + state);
    }

    private void tell(SagaEvent event) {
        tell(event, healing);
    }

    private Disposition tell(SagaEvent event, boolean lucky) {
        Deque<RunLocalStep> local = new ArrayDeque<>();
        Disposition disposition = decide(event, local);
        for (RunLocalStep next = local.poll(); next != null; next = local.poll()) {
            decide(run(next, lucky), local);
        }
        rules.checkWaiting(state);
        return disposition;
    }

    private Disposition decide(SagaEvent event, Deque<RunLocalStep> local) {
        told.add(event);
        rules.telling(event);
        SagaState before = state;
        Moment moment = new Moment(now, random.nextDouble(), this::isHeld);
        Decision decision = SagaEngine.decide(definition, before, event, moment);
        rules.claim(SagaEngine.decide(definition, before, event, moment).equals(decision), "a pure function");
        state = decision.state();
        rules.checkDecision(before, event, decision);
        rules.checkHolds(before, event, decision, this::isHeld);
        decision.effects().stream()
                .filter(RunLocalStep.class::isInstance)
                .map(RunLocalStep.class::cast)
                .forEach(local::add);
        return decision.disposition();
    }

    private boolean isHeld(String participant) {
        return (held & (1 << (participant.hashCode() & 3))) != 0;
    }

    private SagaEvent run(RunLocalStep run, boolean lucky) {
        StepDefinition step = definition.step(run.step()).orElseThrow();
        boolean isLocal =
                (run.kind() == CommandKind.ACTION ? step.action() : step.compensation()) instanceof StepAction.Local;
        rules.claim(isLocal, "only a local step is run");
        int luck = lucky ? 9 : random.nextInt(10);
        return luck < 3
                ? new LocalStepThrew(run.step(), run.kind(), "by chance", luck == 0)
                : new LocalStepRan(
                        run.step(),
                        run.kind(),
                        ((Trip) state.data()).note("y"),
                        luck == 3 && run.kind() == CommandKind.ACTION ? new SoldOut("luck") : null);
    }
}
