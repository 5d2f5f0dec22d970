package io.amends.dashboard.instance;

import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.stuck.StuckReason;
import io.amends.saga.engine.SagaPhase;
import io.amends.saga.engine.StepStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says in plain words why a saga stands where it stands, and what follows by itself. Pure. */
final class Explanation {

    private Explanation() {}

    static Sentence of(SagaView saga) {
        if (saga.phase().isTerminal()) {
            return saga.reason() == null
                    ? Sentence.of("It is over: every step is done.")
                    : Sentence.of("It is over: %s.", trimmed(saga.reason()));
        }
        if (saga.verdict() != null) {
            return stuck(saga, saga.verdict().reason()).then(follows(saga));
        }
        SagaView.Hold hold = saga.pause();
        if (hold != null) {
            Sentence paused = Sentence.of("An operator paused it (%s).", trimmed(hold.reason()));
            return paused.then(
                    hold.until() == null
                            ? Sentence.of("It goes on when somebody resumes it.")
                            : Sentence.of("It goes on by itself %s.", time(saga.readAt(), hold.until())));
        }
        List<StepLine> open = saga.steps().stream().filter(StepLine::isOpen).toList();
        if (open.isEmpty()) {
            return Sentence.of("It is between two steps.");
        }
        Sentence why = waiting(saga, soonest(open)).then(follows(saga));
        return saga.cause() == null
                ? why
                : Sentence.of("It turned back: %s.", trimmed(saga.cause())).then(why);
    }

    /** The step that it stands at: the one that failed before one that is open. */
    static Optional<StepLine> at(SagaView saga) {
        return saga.steps().stream()
                .filter(step -> step.isOpen()
                        || step.status() == StepStatus.UNKNOWN
                        || step.status() == StepStatus.COMPENSATION_FAILED
                        || step.status() == StepStatus.REJECTED)
                .max(Comparator.comparingInt(step -> weight(step.status())));
    }

    private static Sentence stuck(SagaView saga, StuckReason reason) {
        StepLine at = at(saga).orElse(null);
        String own = saga.reason() != null && saga.phase() == SagaPhase.STUCK
                ? saga.reason()
                : at == null ? null : at.error();
        Sentence what = Sentence.of(reason.sentence());
        Sentence where = at == null ? what : what.then(asked(at));
        return own == null ? where : where.then(Sentence.of("It says: %s.", trimmed(own)));
    }

    private static int weight(StepStatus status) {
        return switch (status) {
            case COMPENSATION_FAILED -> 4;
            case COMPENSATING -> 3;
            case UNKNOWN -> 2;
            case SENT -> 1;
            default -> 0;
        };
    }

    private static Sentence asked(StepLine step) {
        if (step.heldFor() != null) {
            return Sentence.of("Step '%s' waits for '%s'.", step.name(), step.heldFor());
        }
        if (step.participant() == null) {
            return Sentence.of("Step '%s'.", step.name());
        }
        return step.attempts() > 1
                ? Sentence.of("Step '%s' was sent to '%s', %d times.", step.name(), step.participant(), step.attempts())
                : Sentence.of("Step '%s' was sent to '%s'.", step.name(), step.participant());
    }

    private static Sentence waiting(SagaView saga, StepLine step) {
        boolean back = step.status() == StepStatus.COMPENSATING;
        if (step.heldFor() != null) {
            return step.heldBy() == null
                    ? Sentence.of("Step '%s' waits until '%s' takes commands again.", step.name(), step.heldFor())
                    : Sentence.of(
                            "Step '%s' waits for '%s', which %s holds.", step.name(), step.heldFor(), step.heldBy());
        }
        if (step.action() == StepLine.Kind.SIGNAL && !back) {
            return step.slaAt() == null
                    ? Sentence.of("Step '%s' waits for somebody to decide.", step.name())
                    : Sentence.of(
                            "Step '%s' waits for somebody to decide, who is expected to do so %s.",
                            step.name(), time(saga.readAt(), step.slaAt()));
        }
        if (step.error() != null) {
            return back
                    ? Sentence.of(
                            "The compensation of step '%s' failed with %s and is tried again.",
                            step.name(), trimmed(step.error()))
                    : Sentence.of("Step '%s' failed with %s and is tried again.", step.name(), trimmed(step.error()));
        }
        return back
                ? Sentence.of(
                        "The compensation of step '%s' waits for the reply of '%s'.", step.name(), step.participant())
                : Sentence.of("Step '%s' waits for the reply of '%s'.", step.name(), step.participant());
    }

    /** What comes by itself. */
    private static Sentence follows(SagaView saga) {
        if (saga.phase() == SagaPhase.STUCK) {
            return Sentence.of("Nothing follows by itself.");
        }
        List<StepLine> due = saga.steps().stream()
                .filter(step -> step.isOpen() && step.dueAt() != null)
                .toList();
        Instant deadline = saga.cause() == null && !saga.overdue() ? saga.deadlineAt() : null;
        if (due.isEmpty()) {
            return deadline == null ? Sentence.of("Nothing follows by itself.") : deadline(saga.readAt(), deadline);
        }
        StepLine next = soonest(due);
        Instant at = next.dueAt();
        if (at == null || (deadline != null && deadline.isBefore(at))) {
            return deadline == null ? Sentence.of("Its deadline is open.") : deadline(saga.readAt(), deadline);
        }
        return next(saga, next, at);
    }

    private static Sentence next(SagaView saga, StepLine step, Instant at) {
        Sentence when = time(saga.readAt(), at);
        if (step.action() == StepLine.Kind.SIGNAL && step.status() == StepStatus.SENT) {
            return Sentence.of("If nobody does, its time is over %s.", when);
        }
        Integer allowed = step.allowed();
        if (allowed == null) {
            return Sentence.of("Attempt %d follows %s.", step.attempts() + 1, when);
        }
        return step.attempts() >= allowed && step.error() == null
                ? Sentence.of("That was attempt %d of %d; it is given up %s.", step.attempts(), allowed, when)
                : Sentence.of("Attempt %d of %d follows %s.", step.attempts() + 1, allowed, when);
    }

    private static StepLine soonest(List<StepLine> steps) {
        return steps.stream()
                .min(Comparator.comparing(
                        step -> step.dueAt(), Comparator.nullsLast(Comparator.<Instant>naturalOrder())))
                .orElseThrow();
    }

    private static Sentence deadline(Instant now, Instant at) {
        return at.isBefore(now)
                ? Sentence.of("Its deadline passed %s ago.", rough(Duration.between(at, now)))
                : Sentence.of("Its deadline is %s.", time(now, at));
    }

    /** Roughly: a person reads it. */
    private static Sentence time(Instant now, Instant at) {
        Duration left = Duration.between(now, at);
        return left.isNegative()
                ? Sentence.of("late, since that was due %s ago", rough(left.negated()))
                : Sentence.of("in %s", rough(left));
    }

    private static Sentence rough(Duration time) {
        if (time.toSeconds() < 120) {
            return Sentence.of("%d s", time.toSeconds());
        }
        if (time.toMinutes() < 120) {
            return Sentence.of("%d min", time.toMinutes());
        }
        return time.toHours() < 48 ? Sentence.of("%d h", time.toHours()) : Sentence.of("%d d", time.toDays());
    }

    private static String trimmed(@Nullable String text) {
        String told = text == null ? "" : text.strip();
        return told.endsWith(".") ? told.substring(0, told.length() - 1) : told;
    }
}
