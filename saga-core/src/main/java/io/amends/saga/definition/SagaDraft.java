package io.amends.saga.definition;

import io.amends.saga.StepKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A definition while it is gathered, right or wrong. Both ways to declare a saga end here. */
final class SagaDraft {

    record Step(
            String name,
            int order,
            StepKind kind,
            @Nullable StepAction action,
            @Nullable Duration timeout,
            String where) {}

    record Undo(String of, @Nullable StepAction action, String where) {}

    record Taking(String to, ReplyHandler handler, String where) {}

    final String where;
    final String name;
    final int version;
    final List<Step> steps = new ArrayList<>();
    final List<Undo> compensations = new ArrayList<>();
    final List<Taking> replyHandlers = new ArrayList<>();
    final Map<Class<?>, String> dataTypes = new LinkedHashMap<>();
    final List<Problem> problems = new ArrayList<>();

    @Nullable
    Duration deadline;

    @Nullable
    Consumer<Object> onCompleted;

    @Nullable
    Consumer<Object> onCompensated;

    SagaDraft(String where, String name, int version) {
        this.where = where;
        this.name = name;
        this.version = version;
    }

    void problem(ProblemCode code, String place, String message, String hint) {
        problems.add(new Problem(code, place, message, hint));
    }

    /**
     * The definition.
     *
     * @throws InvalidSagaException with every problem, those found while reading included
     */
    SagaDefinition define() {
        SagaRules.check(this);
        if (!problems.isEmpty()) {
            throw new InvalidSagaException(problems);
        }
        List<StepDefinition> defined = new ArrayList<>();
        for (Step step : steps) {
            StepAction action = step.action();
            if (action == null) {
                throw new IllegalStateException("A step without action was reported as a problem.");
            }
            defined.add(new StepDefinition(
                    step.name(),
                    step.order(),
                    step.kind(),
                    action,
                    compensationOf(step.name()),
                    replyHandlers.stream()
                            .filter(taking -> taking.to().equals(step.name()))
                            .map(Taking::handler)
                            .toList(),
                    step.timeout()));
        }
        defined.sort(Comparator.comparingInt(StepDefinition::order).thenComparing(StepDefinition::name));
        return new SagaDefinition(
                name,
                version,
                dataTypes.keySet().iterator().next(),
                deadline,
                defined,
                onCompleted,
                onCompensated,
                Fingerprint.of(name, version, defined));
    }

    private @Nullable StepAction compensationOf(String step) {
        for (Undo undo : compensations) {
            if (undo.of().equals(step)) {
                return undo.action();
            }
        }
        return null;
    }
}
