package io.amends.test.memory;

import io.amends.runtime.store.StoredSaga;
import io.amends.runtime.store.StoredSaga.Change;
import io.amends.runtime.store.StoredSaga.StoredStep;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.engine.Held;
import io.amends.saga.engine.ReasonCode;
import io.amends.saga.engine.SagaPhase;
import io.amends.saga.engine.SagaState;
import io.amends.saga.engine.StepState;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Copies of stored instances in which something is different. Pure. */
final class StoredSagas {

    private StoredSagas() {}

    /** With what that change says. */
    static StoredSaga after(
            StoredSaga saga,
            Change change,
            long rowVersion,
            @Nullable Instant deadlineAt,
            Map<String, StoredStep> steps,
            Instant createdAt,
            Instant now) {
        SagaState state = change.state();
        return new StoredSaga(
                saga.sagaId(),
                saga.name(),
                saga.version(),
                saga.fingerprint(),
                saga.key(),
                saga.bodyHash(),
                state.phase(),
                state.reasonCode(),
                change.reason(),
                state.cause(),
                change.data(),
                rowVersion,
                change.sequence(),
                change.clock(),
                deadlineAt,
                state.overdue(),
                state.pause(),
                createdAt,
                now,
                now,
                change.attributes() == null ? saga.attributes() : change.attributes(),
                steps,
                state.reasonFrames());
    }

    /** As one whose version no process has. */
    static StoredSaga unhandled(StoredSaga saga, Instant now) {
        return copy(
                saga,
                saga.version(),
                saga.fingerprint(),
                SagaPhase.STUCK,
                ReasonCode.NO_HANDLER_VERSION,
                "no process has version %d".formatted(saga.version()),
                saga.rowVersion() + 1,
                now,
                now,
                saga.steps());
    }

    /** With those steps, read at that moment. */
    static StoredSaga withSteps(StoredSaga saga, Map<String, StoredStep> steps, Instant now) {
        return copy(
                saga,
                saga.version(),
                saga.fingerprint(),
                saga.phase(),
                saga.reasonCode(),
                saga.reason(),
                saga.rowVersion(),
                saga.updatedAt(),
                now,
                steps);
    }

    /** As an instance of that definition. */
    static StoredSaga moved(StoredSaga saga, SagaDefinition to) {
        return copy(
                saga,
                to.version(),
                to.fingerprint(),
                saga.phase(),
                saga.reasonCode(),
                saga.reason(),
                saga.rowVersion(),
                saga.updatedAt(),
                saga.readAt(),
                saga.steps());
    }

    private static StoredSaga copy(
            StoredSaga saga,
            int version,
            String fingerprint,
            SagaPhase phase,
            @Nullable ReasonCode reasonCode,
            @Nullable String reason,
            long rowVersion,
            Instant updatedAt,
            Instant readAt,
            Map<String, StoredStep> steps) {
        return new StoredSaga(
                saga.sagaId(),
                saga.name(),
                version,
                fingerprint,
                saga.key(),
                saga.bodyHash(),
                phase,
                reasonCode,
                reason,
                saga.cause(),
                saga.data(),
                rowVersion,
                saga.sequence(),
                saga.clock(),
                saga.deadlineAt(),
                saga.overdue(),
                saga.pause(),
                saga.createdAt(),
                updatedAt,
                readAt,
                saga.attributes(),
                steps,
                // Who changes the reason here tells no exception.
                Objects.equals(reason, saga.reason()) ? saga.reasonFrames() : null);
    }

    /** Held since then. */
    static StoredStep heldSince(StoredStep step, Instant since) {
        StepState state = step.state();
        return new StoredStep(
                new StepState(
                        state.name(),
                        state.status(),
                        state.participant(),
                        state.outcome(),
                        state.attempts(),
                        state.firstSentAt(),
                        state.dueAt(),
                        state.error(),
                        state.slaAt(),
                        new Held(Objects.requireNonNull(state.held()).participant(), since),
                        state.round(),
                        state.errorFrames()),
                step.updatedAt());
    }

    /** That much later. */
    static @Nullable Instant shifted(@Nullable Instant time, Duration shift) {
        return time == null ? null : time.plus(shift);
    }

    /** With all its times that much later. */
    static StepState shifted(StepState step, Duration shift) {
        return new StepState(
                step.name(),
                step.status(),
                step.participant(),
                step.outcome(),
                step.attempts(),
                shifted(step.firstSentAt(), shift),
                shifted(step.dueAt(), shift),
                step.error(),
                shifted(step.slaAt(), shift),
                step.held() == null
                        ? null
                        : new Held(
                                step.held().participant(), step.held().since().plus(shift)),
                step.round(),
                step.errorFrames());
    }
}
