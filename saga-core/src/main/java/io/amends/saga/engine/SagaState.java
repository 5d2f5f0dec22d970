package io.amends.saga.engine;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an instance knows of itself. Immutable, given that its data is.
 *
 * @param phase where it stands as a whole
 * @param data the saga's data
 * @param steps the steps that have begun, by name
 * @param reasonCode why it is stuck or late, or what it turned back for; null otherwise
 * @param reason the same in words, null otherwise
 * @param cause why it turned back; null while it goes forward
 * @param deadlineAt when its deadline policy applies, null for never
 * @param overdue whether its deadline has passed and was acted on
 * @param pause an operator's hold, null if there is none
 * @param reasonFrames where in the code the exception came from that the reason tells, as {@link Frames} writes it; null if it
 *     tells none, or nobody said
 */
public record SagaState(
        SagaPhase phase,
        Object data,
        Map<String, StepState> steps,
        @Nullable ReasonCode reasonCode,
        @Nullable String reason,
        @Nullable Cause cause,
        @Nullable Instant deadlineAt,
        boolean overdue,
        @Nullable Pause pause,
        @Nullable String reasonFrames) {

    public SagaState {
        steps = Collections.unmodifiableMap(new LinkedHashMap<>(steps));
    }

    /** One whose reason tells no exception. */
    public SagaState(
            SagaPhase phase,
            Object data,
            Map<String, StepState> steps,
            @Nullable ReasonCode reasonCode,
            @Nullable String reason,
            @Nullable Cause cause,
            @Nullable Instant deadlineAt,
            boolean overdue,
            @Nullable Pause pause) {
        this(phase, data, steps, reasonCode, reason, cause, deadlineAt, overdue, pause, null);
    }

    /** An instance that has not begun. */
    public static SagaState initial(Object data) {
        return new SagaState(SagaPhase.RUNNING, data, Map.of(), null, null, null, null, false, null);
    }

    /** The step of that name; one that has not begun is {@link StepStatus#PENDING}. */
    public StepState step(String name) {
        StepState known = steps.get(name);
        return known != null ? known : StepState.pending(name);
    }

    /** When something follows by itself; null for never. */
    public @Nullable Instant dueAt() {
        if (pause != null) {
            return pause.until();
        }
        if (phase.isTerminal() || phase == SagaPhase.STUCK) {
            return null;
        }
        Instant deadline = cause == null && !overdue ? deadlineAt : null;
        return Stream.concat(
                        Stream.ofNullable(deadline),
                        steps.values().stream()
                                .filter(StepState::isOpen)
                                .map(StepState::dueAt)
                                .filter(Objects::nonNull))
                .min(Instant::compareTo)
                .orElse(null);
    }

    SagaState with(StepState step) {
        Map<String, StepState> changed = new LinkedHashMap<>(steps);
        changed.put(step.name(), step);
        return new SagaState(phase, data, changed, reasonCode, reason, cause, deadlineAt, overdue, pause, reasonFrames);
    }

    SagaState with(SagaPhase next) {
        return new SagaState(next, data, steps, reasonCode, reason, cause, deadlineAt, overdue, pause, reasonFrames);
    }

    /** The same with other data. */
    public SagaState withData(Object changed) {
        return new SagaState(
                phase, changed, steps, reasonCode, reason, cause, deadlineAt, overdue, pause, reasonFrames);
    }

    SagaState because(@Nullable ReasonCode code, @Nullable String text) {
        return new SagaState(phase, data, steps, code, text, cause, deadlineAt, overdue, pause);
    }

    SagaState turnedBack(Cause why) {
        return new SagaState(
                phase, data, steps, why.code(), why.text(), cause == null ? why : cause, deadlineAt, overdue, pause);
    }

    SagaState withDeadline(@Nullable Instant time, boolean passed) {
        return new SagaState(phase, data, steps, reasonCode, reason, cause, time, passed, pause, reasonFrames);
    }

    SagaState with(@Nullable Pause hold) {
        return new SagaState(phase, data, steps, reasonCode, reason, cause, deadlineAt, overdue, hold, reasonFrames);
    }

    /** Stuck, for a reason that the shell found. */
    public SagaState stuck(ReasonCode code, String text) {
        return stuck(code, text, null);
    }

    /**
     * Likewise for an exception, such as one of a hook.
     *
     * @param frames where that was thrown, as {@link Frames} writes it; null for nowhere
     */
    public SagaState stuck(ReasonCode code, String text, @Nullable String frames) {
        return new SagaState(SagaPhase.STUCK, data, steps, code, text, cause, deadlineAt, overdue, pause, frames);
    }
}
