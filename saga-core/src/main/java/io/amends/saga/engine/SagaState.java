package io.amends.saga.engine;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an instance knows of itself. Immutable, given that its data is.
 *
 * @param phase where it stands as a whole
 * @param data the saga's data
 * @param steps the steps that have begun, by name
 * @param reasonCode why it turned back or is stuck, null otherwise
 * @param reason the same in words, null otherwise
 */
public record SagaState(
        SagaPhase phase,
        Object data,
        Map<String, StepState> steps,
        @Nullable ReasonCode reasonCode,
        @Nullable String reason) {

    public SagaState {
        steps = Collections.unmodifiableMap(new LinkedHashMap<>(steps));
    }

    /** An instance that has not begun. */
    public static SagaState initial(Object data) {
        return new SagaState(SagaPhase.RUNNING, data, Map.of(), null, null);
    }

    /** The step of that name; one that has not begun is {@link StepStatus#PENDING}. */
    public StepState step(String name) {
        StepState known = steps.get(name);
        return known != null ? known : StepState.pending(name);
    }

    SagaState with(StepState step) {
        Map<String, StepState> changed = new LinkedHashMap<>(steps);
        changed.put(step.name(), step);
        return new SagaState(phase, data, changed, reasonCode, reason);
    }

    SagaState with(SagaPhase next) {
        return new SagaState(next, data, steps, reasonCode, reason);
    }

    SagaState withData(Object changed) {
        return new SagaState(phase, changed, steps, reasonCode, reason);
    }

    SagaState because(@Nullable ReasonCode code, @Nullable String text) {
        return new SagaState(phase, data, steps, code, text);
    }

    SagaState stuck(ReasonCode code, String text) {
        return new SagaState(SagaPhase.STUCK, data, steps, code, text);
    }
}
