package io.amends.saga.engine;

import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.StepDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One row of a table of transitions with one of its triggers. */
record Way(Enum<?> from, Enum<?> to, Trigger by) {

    /** All that the tables allow. */
    static final Set<Way> ALLOWED = Stream.concat(Transitions.OF_PHASES.stream(), Transitions.OF_STEPS.stream())
            .flatMap(row -> row.triggers().stream().map(trigger -> new Way(row.from(), row.to(), trigger)))
            .collect(Collectors.toUnmodifiableSet());

    /** What a decision on that event did. */
    static List<Way> taken(SagaDefinition definition, SagaState before, SagaEvent event, SagaState after) {
        Trigger by = Trigger.of(event);
        List<Way> taken = new ArrayList<>();
        if (before.phase() != after.phase()) {
            taken.add(new Way(before.phase(), after.phase(), by));
        }
        for (StepDefinition step : definition.steps()) {
            StepStatus from = before.step(step.name()).status();
            StepStatus to = after.step(step.name()).status();
            if (from != to) {
                taken.add(new Way(from, to, by));
            }
        }
        return taken;
    }
}
