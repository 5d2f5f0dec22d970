package io.amends.runtime.orchestrator;

import io.amends.outbox.failure.ErrorText;
import io.amends.runtime.observation.Milestone;
import io.amends.runtime.observation.SagaObserver;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.Outcome;
import io.amends.saga.engine.ReasonCode;
import io.amends.saga.engine.SagaEvent;
import io.amends.saga.engine.SagaPhase;
import io.amends.saga.engine.SagaState;
import io.amends.saga.engine.StepState;
import io.amends.saga.engine.StepStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** What one transaction makes true of one instance, for who observes it. Used by one thread and thrown away. */
final class Milestones {

    private static final Logger log = LoggerFactory.getLogger(SagaObserver.class);

    private final String saga;
    private final Instant createdAt;
    private final SagaState first;
    private final List<Milestone> seen = new ArrayList<>();

    /** @param first how the instance stands before the transaction */
    Milestones(String saga, Instant createdAt, SagaState first) {
        this.saga = saga;
        this.createdAt = createdAt;
        this.first = first;
    }

    /** The engine accepted that event. */
    void saw(SagaEvent event, SagaState before, SagaState after, Instant now) {
        if (event instanceof SagaEvent.Started) {
            seen.add(new Milestone.Started(saga));
        }
        for (StepState step : after.steps().values()) {
            StepState was = before.step(step.name());
            if (step.equals(was) || !isOpen(was)) {
                continue;
            }
            if (step.status() != was.status()) {
                seen.add(new Milestone.StepEnded(
                        saga, step.name(), kind(was), outcome(was, step), since(was.firstSentAt(), now)));
            } else if (step.attempts() > was.attempts()) {
                seen.add(new Milestone.TriedAgain(saga, step.name(), kind(was)));
            }
        }
    }

    /** All of them, now that the transaction leaves the instance so. */
    List<Milestone> until(SagaState last, Instant now) {
        if (last.cause() != null && first.cause() == null) {
            seen.add(new Milestone.TurnedBack(saga, last.cause().code()));
        }
        if (last.phase() == SagaPhase.STUCK && first.phase() != SagaPhase.STUCK) {
            seen.add(new Milestone.GotStuck(
                    saga, Objects.requireNonNullElse(last.reasonCode(), ReasonCode.NON_RETRYABLE)));
        }
        if (last.phase().isTerminal() && !first.phase().isTerminal()) {
            seen.add(new Milestone.Ended(saga, last.phase(), since(createdAt, now)));
        }
        return seen;
    }

    /** Tells the observer once the running transaction has committed. What it throws concerns no saga. */
    static void tellAfterCommit(SagaObserver observer, List<Milestone> milestones) {
        if (milestones.isEmpty() || observer == SagaObserver.NONE) {
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                try {
                    observer.committed(milestones);
                } catch (RuntimeException thrown) {
                    log.warn("{} threw; sagas are not affected: {}", observer, ErrorText.of(thrown));
                }
            }
        });
    }

    private static boolean isOpen(StepState step) {
        return step.status() == StepStatus.SENT || step.status() == StepStatus.COMPENSATING;
    }

    private static CommandKind kind(StepState open) {
        return open.status() == StepStatus.SENT ? CommandKind.ACTION : CommandKind.COMPENSATION;
    }

    private static Outcome outcome(StepState was, StepState is) {
        return switch (is.status()) {
            case SUCCEEDED, COMPENSATED, SKIPPED -> Outcome.SUCCESS;
            case REJECTED -> Outcome.REJECTION;
            default -> was.status() == StepStatus.SENT && is.outcome() != null ? is.outcome() : Outcome.ERROR;
        };
    }

    private static Duration since(@Nullable Instant begun, Instant now) {
        return begun == null || begun.isAfter(now) ? Duration.ZERO : Duration.between(begun, now);
    }
}
