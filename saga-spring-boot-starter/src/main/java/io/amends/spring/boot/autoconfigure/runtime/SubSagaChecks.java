package io.amends.spring.boot.autoconfigure.runtime;

import io.amends.saga.definition.Problem;
import io.amends.saga.definition.ProblemCode;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import io.amends.saga.definition.StepAction;
import io.amends.saga.definition.StepAction.Child;
import io.amends.saga.definition.StepDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks that steps fit the sagas of the same application that they start. Used by one thread. */
final class SubSagaChecks {

    private final SagaRegistry sagas;
    private final List<Problem> problems = new ArrayList<>();

    private SubSagaChecks(SagaRegistry sagas) {
        this.sagas = sagas;
    }

    /**
     * What is wrong.
     *
     * @param participants the names of the application's participants
     */
    static List<Problem> check(SagaRegistry sagas, Set<String> participants) {
        SubSagaChecks checks = new SubSagaChecks(sagas);
        for (String name : sagas.names()) {
            SagaDefinition newest = sagas.newest(name).orElseThrow();
            if (newest.subSaga() && participants.contains(name)) {
                checks.problem(
                        "%s v%d".formatted(name, newest.version()),
                        "it is a sub-saga, and a participant of this application has its name: both would read saga.%s.commands."
                                .formatted(name),
                        "Give one of them another name.");
            }
        }
        for (SagaDefinition saga : sagas.all()) {
            for (StepDefinition step : saga.steps()) {
                checks.check(saga, step);
            }
        }
        return checks.problems;
    }

    private void check(SagaDefinition saga, StepDefinition step) {
        Child child = starts(step.action());
        if (child == null || sagas.newest(child.saga()).isEmpty()) {
            // It lives elsewhere, and so does what undoes it.
            return;
        }
        check("%s v%d, %s".formatted(saga.name(), saga.version(), step.name()), child);
        Child undo = starts(step.compensation());
        if (undo != null) {
            check("%s v%d, compensation of %s".formatted(saga.name(), saga.version(), step.name()), undo);
        }
    }

    private void check(String where, Child starts) {
        Optional<SagaDefinition> definition = sagas.newest(starts.saga());
        if (definition.isEmpty()) {
            problem(
                    where,
                    "it starts saga '%s', which this application does not have, unlike the child that it undoes."
                            .formatted(starts.saga()),
                    "What undoes a child lives beside it. The sagas here are: %s."
                            .formatted(String.join(", ", sagas.names())));
        } else if (!definition.get().subSaga()) {
            problem(
                    where,
                    "it starts saga '%s', which steps may not start.".formatted(starts.saga()),
                    "Declare it with subSaga = true.");
        } else if (!definition.get().dataType().isAssignableFrom(starts.dataType())) {
            problem(
                    where,
                    "it starts saga '%s' with a %s."
                            .formatted(starts.saga(), starts.dataType().getSimpleName()),
                    "Return a SubSaga<%s>."
                            .formatted(definition.get().dataType().getSimpleName()));
        }
    }

    private void problem(String where, String what, String hint) {
        problems.add(new Problem(ProblemCode.SUB_SAGA, where, what, hint));
    }

    private static @Nullable Child starts(@Nullable StepAction action) {
        return action instanceof StepAction.Remote remote ? remote.starts() : null;
    }
}
