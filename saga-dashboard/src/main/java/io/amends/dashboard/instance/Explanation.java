package io.amends.dashboard.instance;

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

    static String of(SagaView saga) {
        if (saga.phase().isTerminal()) {
            return saga.reason() == null
                    ? "It is over: every step is done."
                    : "It is over: %s.".formatted(trimmed(saga.reason()));
        }
        if (saga.verdict() != null) {
            return "%s %s".formatted(stuck(saga, saga.verdict().reason()), follows(saga));
        }
        SagaView.Hold hold = saga.pause();
        if (hold != null) {
            return "An operator paused it (%s). %s"
                    .formatted(
                            trimmed(hold.reason()),
                            hold.until() == null
                                    ? "It goes on when somebody resumes it."
                                    : "It goes on by itself %s.".formatted(time(saga.readAt(), hold.until())));
        }
        List<StepLine> open = saga.steps().stream().filter(StepLine::isOpen).toList();
        return open.isEmpty()
                ? "It is between two steps."
                : "%s%s %s".formatted(turned(saga), waiting(saga, soonest(open)), follows(saga));
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

    private static String stuck(SagaView saga, StuckReason reason) {
        StepLine at = at(saga).orElse(null);
        String own = saga.reason() != null && saga.phase() == SagaPhase.STUCK
                ? saga.reason()
                : at == null ? null : at.error();
        String where = at == null ? "" : " Step '%s'%s.".formatted(at.name(), asked(at));
        return reason.sentence() + where + (own == null ? "" : " It says: %s.".formatted(trimmed(own)));
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

    private static String asked(StepLine step) {
        if (step.heldFor() != null) {
            return " waits for '%s'".formatted(step.heldFor());
        }
        String times = step.attempts() > 1 ? ", %d times".formatted(step.attempts()) : "";
        return step.participant() == null ? "" : " was sent to '%s'%s".formatted(step.participant(), times);
    }

    private static String turned(SagaView saga) {
        return saga.cause() == null ? "" : "It turned back: %s. ".formatted(trimmed(saga.cause()));
    }

    private static String waiting(SagaView saga, StepLine step) {
        boolean back = step.status() == StepStatus.COMPENSATING;
        if (step.heldFor() != null) {
            return step.heldBy() == null
                    ? "Step '%s' waits until '%s' takes commands again.".formatted(step.name(), step.heldFor())
                    : "Step '%s' waits for '%s', which %s holds.".formatted(step.name(), step.heldFor(), step.heldBy());
        }
        if (step.action() == StepLine.Kind.SIGNAL && !back) {
            return step.slaAt() == null
                    ? "Step '%s' waits for somebody to decide.".formatted(step.name())
                    : "Step '%s' waits for somebody to decide, who is expected to do so %s."
                            .formatted(step.name(), time(saga.readAt(), step.slaAt()));
        }
        String what = back ? "The compensation of step" : "Step";
        return step.error() == null
                ? "%s '%s' waits for the reply of '%s'.".formatted(what, step.name(), step.participant())
                : "%s '%s' failed with %s and is tried again.".formatted(what, step.name(), trimmed(step.error()));
    }

    /** What comes by itself. */
    private static String follows(SagaView saga) {
        if (saga.phase() == SagaPhase.STUCK) {
            return "Nothing follows by itself.";
        }
        List<StepLine> due = saga.steps().stream()
                .filter(step -> step.isOpen() && step.dueAt() != null)
                .toList();
        Instant deadline = saga.cause() == null && !saga.overdue() ? saga.deadlineAt() : null;
        if (due.isEmpty()) {
            return deadline == null
                    ? "Nothing follows by itself."
                    : "Its deadline is %s.".formatted(time(saga.readAt(), deadline));
        }
        StepLine next = soonest(due);
        Instant at = next.dueAt();
        if (at == null || (deadline != null && deadline.isBefore(at))) {
            return "Its deadline is %s.".formatted(deadline == null ? "open" : time(saga.readAt(), deadline));
        }
        return next(saga, next, at);
    }

    private static String next(SagaView saga, StepLine step, Instant at) {
        String when = time(saga.readAt(), at);
        if (step.action() == StepLine.Kind.SIGNAL && step.status() == StepStatus.SENT) {
            return "If nobody does, its time is over %s.".formatted(when);
        }
        Integer allowed = step.allowed();
        boolean last = allowed != null && step.attempts() >= allowed && step.error() == null;
        return last
                ? "That was attempt %d of %d; it is given up %s.".formatted(step.attempts(), allowed, when)
                : "Attempt %d%s follows %s."
                        .formatted(step.attempts() + 1, allowed == null ? "" : " of " + allowed, when);
    }

    private static StepLine soonest(List<StepLine> steps) {
        return steps.stream()
                .min(Comparator.comparing(
                        step -> step.dueAt(), Comparator.nullsLast(Comparator.<Instant>naturalOrder())))
                .orElseThrow();
    }

    /** Roughly: a person reads it. */
    private static String time(Instant now, Instant at) {
        Duration left = Duration.between(now, at);
        return left.isNegative() ? "since %s ago".formatted(rough(left.negated())) : "in %s".formatted(rough(left));
    }

    private static String rough(Duration time) {
        if (time.toSeconds() < 120) {
            return time.toSeconds() + " s";
        }
        if (time.toMinutes() < 120) {
            return time.toMinutes() + " min";
        }
        return time.toHours() < 48 ? time.toHours() + " h" : time.toDays() + " d";
    }

    private static String trimmed(@Nullable String text) {
        String told = text == null ? "" : text.strip();
        return told.endsWith(".") ? told.substring(0, told.length() - 1) : told;
    }
}
