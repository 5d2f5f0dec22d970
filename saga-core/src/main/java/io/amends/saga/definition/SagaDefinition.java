package io.amends.saga.definition;

import io.amends.saga.Escalation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A saga's whole shape, however it was declared: engine, validator, tester and console read only this. Immutable and
 * safe for use by many threads.
 *
 * @param name the logical name
 * @param version the version, at least 1
 * @param dataType the type of the saga's data
 * @param deadline the time that an instance may take, null for none
 * @param steps in execution order: ascending {@code order}, by name within, since methods have no order
 * @param onDeadline what follows when an instance is not done by its deadline
 * @param hooks what the saga's own code does at turning points
 * @param subSaga whether steps of other sagas may start it
 * @param attributes by what instances are found, by name
 * @param migrations how data of other versions becomes this one's
 * @param fingerprint a hash of everything that running instances depend on
 */
public record SagaDefinition(
        String name,
        int version,
        Class<?> dataType,
        @Nullable Duration deadline,
        Escalation onDeadline,
        List<StepDefinition> steps,
        Hooks hooks,
        boolean subSaga,
        List<AttributeDefinition> attributes,
        List<DataMigration> migrations,
        String fingerprint) {

    public SagaDefinition {
        steps = List.copyOf(steps);
        attributes = List.copyOf(attributes);
        migrations = List.copyOf(migrations);
    }

    /** One that steps of other sagas may not start, without search attributes and data of other versions. */
    public SagaDefinition(
            String name,
            int version,
            Class<?> dataType,
            @Nullable Duration deadline,
            Escalation onDeadline,
            List<StepDefinition> steps,
            Hooks hooks,
            String fingerprint) {
        this(name, version, dataType, deadline, onDeadline, steps, hooks, false, List.of(), List.of(), fingerprint);
    }

    /** Begins a definition in code; {@link AnnotatedSagas} reads one from a class. */
    public static SagaStages.Named named(String name) {
        return SagaBuilder.named(name);
    }

    /** The step of that name. */
    public Optional<StepDefinition> step(String stepName) {
        return steps.stream().filter(step -> step.name().equals(stepName)).findFirst();
    }

    /** How data of that version becomes this one's; empty if the definition does not say. */
    public Optional<DataMigration> migrationFrom(int otherVersion) {
        return migrations.stream()
                .filter(migration -> migration.from() == otherVersion)
                .findFirst();
    }
}
