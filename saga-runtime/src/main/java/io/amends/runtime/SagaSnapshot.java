package io.amends.runtime;

import io.amends.saga.engine.SagaPhase;
import io.amends.saga.engine.StepStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An instance as it stood when it was read.
 *
 * @param sagaId its id
 * @param name the definition's name
 * @param version the definition's version
 * @param key the business key
 * @param phase where it stands
 * @param data its data, of the definition's data type
 * @param reasonCode why it is stuck or was compensated, null otherwise
 * @param reason the same in words, null otherwise
 * @param attributes its search attributes, name to text; those without a value are left out
 * @param steps its steps in execution order, those not yet begun included
 * @param revision grows with each change; an operator's order names the one that was looked at
 * @param createdAt when it was started, by the database's clock
 * @param updatedAt when it last changed
 * @param parent whose step started it; null if nobody's did
 * @param children what its steps started; only instances of the same database
 */
public record SagaSnapshot(
        UUID sagaId,
        String name,
        int version,
        String key,
        SagaPhase phase,
        Object data,
        @Nullable String reasonCode,
        @Nullable String reason,
        Map<String, String> attributes,
        List<Step> steps,
        long revision,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Parent parent,
        List<Child> children) {

    public SagaSnapshot {
        attributes = Map.copyOf(attributes);
        steps = List.copyOf(steps);
        children = List.copyOf(children);
    }

    /**
     * The saga whose step waits, or waited, for this one's end.
     *
     * @param sagaId its id
     * @param name the name of its definition
     * @param step the step
     */
    public record Parent(UUID sagaId, String name, String step) {}

    /**
     * A saga that a step, or its compensation, started.
     *
     * @param sagaId its id
     * @param step the step
     */
    public record Child(UUID sagaId, String step) {}

    /**
     * One step.
     *
     * @param name its name
     * @param status where it stands
     * @param participant who was asked, null if nobody was yet
     * @param updatedAt when it last changed, null if it has not begun and is not held
     * @param heldFor the participant whose turn its command waits for, because that is down, held or full; null if it
     *     does not wait
     */
    public record Step(
            String name,
            StepStatus status,
            @Nullable String participant,
            @Nullable Instant updatedAt,
            @Nullable String heldFor) {}
}
