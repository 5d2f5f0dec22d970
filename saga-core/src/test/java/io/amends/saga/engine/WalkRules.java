package io.amends.saga.engine;

import io.amends.saga.Escalation;
import io.amends.saga.StepKind;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.StepAction;
import io.amends.saga.definition.StepDefinition;
import io.amends.saga.engine.SagaEffect.Announce;
import io.amends.saga.engine.SagaEffect.RunLocalStep;
import io.amends.saga.engine.SagaEffect.SendCommand;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What must hold of every decision, whatever was told before. */
final class WalkRules {

    private static final Set<StepStatus> DONE = Set.of(StepStatus.SUCCEEDED, StepStatus.SKIPPED);
    private static final Set<StepStatus> UNDONE =
            Set.of(StepStatus.PENDING, StepStatus.REJECTED, StepStatus.COMPENSATED, StepStatus.SKIPPED);

    private SagaDefinition definition;
    private final String where;
    private final List<SagaEvent> told = new ArrayList<>();
    private final Set<String> undone = new HashSet<>();
    private final Set<Way> taken;
    private boolean byHand;
    private boolean mayStepBack;

    WalkRules(SagaDefinition definition, Set<Way> taken, String where) {
        this.definition = definition;
        this.taken = taken;
        this.where = where;
    }

    /** Another version, from now on. */
    void goesOnAs(SagaDefinition other) {
        definition = other;
    }

    void telling(SagaEvent event) {
        told.add(event);
        mayStepBack |= event instanceof SagaEvent.ResumeFrom;
    }

    /** By hand and not by an assertion library: the text is long, and only a failure needs it. */
    void claim(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("%s: %s\n%s\ntold\n%s"
                    .formatted(
                            where,
                            what,
                            words(definition),
                            told.stream().map(String::valueOf).collect(Collectors.joining("\n"))));
        }
    }

    void checkDecision(SagaState before, SagaEvent event, Decision decision) {
        SagaState after = decision.state();
        if (decision.disposition() != Disposition.ACCEPTED) {
            claim(after == before && decision.effects().isEmpty(), "what is not accepted changes nothing");
            return;
        }
        boolean reopens = event instanceof SagaEvent.Reopen;
        claim(
                before.phase().isTerminal() == reopens
                        && (!reopens || before.reasonCode() == ReasonCode.RESOLVED_BY_HAND),
                "the end is the end, unless it was made by hand");
        byHand &= !reopens;
        claim(!isErrorOfAnotherAttempt(before, event), "an error counts for its own attempt only");
        claim(!isNoOfEarlierRound(before, event), "a no of an earlier round is none of this one");
        for (Way way : Way.taken(definition, before, event, after)) {
            claim(Way.ALLOWED.contains(way), "%s is not in the tables of Transitions".formatted(way));
            taken.add(way);
        }
        byHand |= event instanceof SagaEvent.ResolveByHand;
        checkCause(before, decision);
        checkAnnouncements(before, event, decision);
        for (SagaEffect effect : decision.effects()) {
            checkEffect(before, after, effect);
        }
        checkAttempts(after);
        checkKnown(after);
        checkEnd(after);
    }

    /** What the definition does not know nobody would ever ask, or undo. */
    private void checkKnown(SagaState after) {
        for (StepState step : after.steps().values()) {
            boolean isNothing =
                    step.held() == null && (step.status() == StepStatus.SKIPPED || step.status() == StepStatus.PENDING);
            claim(isNothing || definition.step(step.name()).isPresent(), "nobody knows " + step);
        }
    }

    private static boolean isErrorOfAnotherAttempt(SagaState before, SagaEvent event) {
        return event instanceof SagaEvent.ReplyReceived reply
                && reply.outcome() == Outcome.ERROR
                && reply.attempt() > 0
                && reply.attempt() != before.step(reply.step()).attempts();
    }

    private static boolean isNoOfEarlierRound(SagaState before, SagaEvent event) {
        return event instanceof SagaEvent.ReplyReceived reply
                && reply.outcome() != Outcome.SUCCESS
                && reply.round() < before.step(reply.step()).round();
    }

    private void checkCause(SagaState before, Decision decision) {
        SagaState after = decision.state();
        if (before.cause() != null) {
            claim(before.cause().equals(after.cause()), "the cause of turning back stays");
        }
        if (before.cause() == null && after.cause() != null) {
            claim(announces(decision, SagaPhase.COMPENSATING), "turning back is announced");
        }
        if (after.cause() != null && !byHand) {
            claim(
                    after.phase() != SagaPhase.RUNNING && after.phase() != SagaPhase.COMPLETED,
                    "who turned back does not run, but is " + after.phase());
        }
    }

    private static boolean announces(Decision decision, SagaPhase phase) {
        return decision.effects().contains(new Announce(phase));
    }

    private void checkAnnouncements(SagaState before, SagaEvent event, Decision decision) {
        SagaPhase phase = decision.state().phase();
        boolean isNews = before.phase() != phase && (phase == SagaPhase.STUCK || phase.isTerminal());
        if (!(event instanceof SagaEvent.ResolveByHand)) {
            claim(!isNews || announces(decision, phase), phase + " is announced");
        }
        claim(
                phase.isTerminal() || !(announces(decision, SagaPhase.COMPLETED)),
                "what is announced as ended has ended");
        claim(phase != SagaPhase.STUCK || decision.state().reasonCode() != null, "who is stuck says why");
    }

    private void checkEffect(SagaState before, SagaState after, SagaEffect effect) {
        String name;
        CommandKind kind;
        if (effect instanceof SendCommand send) {
            name = send.step();
            kind = send.kind();
            StepState step = after.step(name);
            claim(send.participant().equals(step.participant()), "who is asked is known");
            claim(send.attempt() == step.attempts(), "attempts are counted");
            claim(step.dueAt() != null, "a reply is overdue some time");
            checkRound(before.step(name), step, send);
        } else if (effect instanceof RunLocalStep run) {
            name = run.step();
            kind = run.kind();
        } else {
            return;
        }
        claim(before.pause() == null || after.pause() == null, "while held, nothing begins");
        StepDefinition step = definition.step(name).orElseThrow();
        if (kind == CommandKind.ACTION) {
            checkAction(before, step);
        } else {
            undone.add(name);
            checkCompensation(after, step);
        }
    }

    /** What was refused is asked anew; all else is the same question, which has one answer. */
    private void checkRound(StepState before, StepState after, SendCommand send) {
        boolean action = send.kind() == CommandKind.ACTION;
        boolean refused = before.status() == (action ? StepStatus.REJECTED : StepStatus.COMPENSATION_FAILED);
        boolean begins = !action && !before.isAwaitingCompensation();
        claim(send.round() == after.round(), "rounds are counted");
        claim(
                after.round() == (refused ? before.round() + 1 : begins ? 0 : before.round()),
                "a round too many: " + send);
    }

    private void checkAction(SagaState before, StepDefinition step) {
        claim(!undone.contains(step.name()), "what was compensated is not asked for again");
        StepStatus status = before.step(step.name()).status();
        if (before.cause() != null) {
            claim(status != StepStatus.PENDING, "on the way back nothing new begins");
            claim(
                    status == StepStatus.SENT || step.compensation() == null,
                    "what will be compensated is not asked for again");
        }
        for (StepDefinition other : definition.steps()) {
            if (status == StepStatus.PENDING && other.order() > step.order() && !mayStepBack) {
                claim(
                        before.step(other.name()).status() == StepStatus.PENDING,
                        "%s begins after %s, which stands behind it".formatted(step.name(), other.name()));
            }
            if (status == StepStatus.PENDING && other.order() < step.order()) {
                claim(
                        before.step(other.name()).status() != StepStatus.UNKNOWN || before.phase() == SagaPhase.STUCK,
                        "nothing begins behind an unknown step");
            }
        }
    }

    private void checkCompensation(SagaState after, StepDefinition step) {
        claim(after.cause() != null, "compensations have a cause");
        for (StepDefinition other : definition.steps()) {
            StepState current = after.step(other.name());
            claim(
                    current.status() != StepStatus.SENT,
                    "nothing is compensated while %s is open".formatted(other.name()));
            if (other.order() > step.order()) {
                claim(
                        other.compensation() == null || !(current.mayHaveEffect() || current.isAwaitingCompensation()),
                        "%s comes before %s on the way back".formatted(other.name(), step.name()));
            }
            if (other.kind() == StepKind.PIVOT) {
                claim(!current.mayHaveEffect(), "nobody turns back behind the pivot");
            }
        }
    }

    /** Who is held is asked for no action but by a word to that step; who has an effect to undo is asked always. */
    void checkHolds(SagaState before, SagaEvent event, Decision decision, Predicate<String> isHeld) {
        boolean byWord = event instanceof SagaEvent.Admitted
                || event instanceof SagaEvent.RetryNow
                || event instanceof SagaEvent.EditAndRetry
                || event instanceof SagaEvent.ResumeFrom;
        for (SagaEffect effect : decision.effects()) {
            if (effect instanceof SendCommand send && send.kind() == CommandKind.ACTION && before.cause() == null) {
                claim(byWord || !isHeld.test(send.participant()), "who is held is asked: " + send);
            }
        }
        for (StepState step : decision.state().steps().values()) {
            if (step.held() != null) {
                StepState was = before.step(step.name());
                boolean isPending = step.status() == StepStatus.PENDING;
                claim(isPending || step.status() == StepStatus.SENT, "only actions are held: " + step);
                claim(step.dueAt() == null, "nothing is due for what is held");
                claim(decision.state().cause() == null, "on the way back nothing is held");
                claim(!isPending || (step.attempts() == 0 && step.firstSentAt() == null), "a hold is no attempt");
                claim(was.held() != null || isHeld.test(step.held().participant()), "only who is held is held");
                claim(was.held() == null || was.equals(step), "a hold stays as it is");
                claim(isPending || was.attempts() == step.attempts(), "a hold is no attempt");
            }
        }
    }

    private void checkAttempts(SagaState after) {
        for (StepDefinition step : definition.steps()) {
            StepState current = after.step(step.name());
            boolean limited = step.onExhausted() != Escalation.ALERT_ONLY;
            if (current.status() == StepStatus.SENT && limited) {
                claim(current.attempts() <= step.retry().attempts(), "attempts have an end");
            } else if (current.status() == StepStatus.COMPENSATING) {
                claim(current.attempts() <= step.compensationRetry().attempts(), "compensations' attempts, too");
            }
        }
    }

    private void checkEnd(SagaState after) {
        if (byHand || !after.phase().isTerminal()) {
            return;
        }
        for (StepDefinition step : definition.steps()) {
            StepStatus status = after.step(step.name()).status();
            if (after.phase() == SagaPhase.COMPLETED) {
                claim(DONE.contains(status), "completed with %s %s".formatted(step.name(), status));
                claim(after.reasonCode() == null, "who completed has no reason");
            } else {
                boolean wordOnly = status == StepStatus.SUCCEEDED
                        && step.kind() == StepKind.COMPENSATABLE
                        && step.action() instanceof StepAction.Await;
                claim(wordOnly || UNDONE.contains(status), "compensated with %s %s".formatted(step.name(), status));
                claim(
                        after.cause() != null
                                && after.reasonCode() == after.cause().code(),
                        "who compensated says why");
            }
        }
    }

    /** Called once local steps have run. */
    void checkWaiting(SagaState state) {
        if (state.phase().isTerminal() || (state.phase() == SagaPhase.STUCK && state.pause() == null)) {
            claim(state.dueAt() == null, "nothing is due at the end or while stuck");
            return;
        }
        if (state.pause() != null) {
            return;
        }
        boolean waitsForWord = false;
        boolean anyOpen = false;
        for (StepDefinition step : definition.steps()) {
            StepState current = state.step(step.name());
            boolean word = step.action() instanceof StepAction.Await && current.status() == StepStatus.SENT;
            waitsForWord |= word;
            anyOpen |= current.isOpen();
            boolean isHeld = current.held() != null;
            waitsForWord |= isHeld;
            anyOpen |= isHeld;
            claim(!current.isOpen() || word || isHeld || current.dueAt() != null, step.name() + " is due some time");
        }
        claim(anyOpen, "something is open");
        claim(waitsForWord || state.dueAt() != null, "something is due");
    }

    private static String words(SagaDefinition definition) {
        return definition.steps().stream()
                .map(step -> "%d %s %s %s, undone by %s, %d attempts within %s, then %s"
                        .formatted(
                                step.order(),
                                step.name(),
                                step.kind(),
                                step.action().getClass().getSimpleName(),
                                step.compensation() == null
                                        ? "nothing"
                                        : step.compensation().getClass().getSimpleName(),
                                step.retry().attempts(),
                                step.retry().within(),
                                step.onExhausted()))
                .collect(Collectors.joining("\n", "on the deadline " + definition.onDeadline() + "\n", ""));
    }
}
