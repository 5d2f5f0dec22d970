package io.amends.spring.boot.autoconfigure.definition;

import io.amends.saga.Saga;
import io.amends.saga.definition.AnnotatedSagas;
import io.amends.saga.definition.InvalidSagaException;
import io.amends.saga.definition.Problem;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import io.amends.spring.boot.autoconfigure.definition.AnnotatedBeans.AnnotatedBean;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads all of an application's sagas, so that all that is wrong with any of them is told at once. */
final class SagaDefinitions {

    private SagaDefinitions() {}

    /**
     * The registry of the declared and the built sagas.
     *
     * @throws InvalidSagaException with the problems of every saga
     */
    static SagaRegistry read(List<AnnotatedBean<Saga>> declared, Collection<SagaDefinition> built) {
        Map<Class<?>, SagaDefinition> definitions = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (AnnotatedBean<Saga> saga : declared) {
            try {
                definitions.put(saga.declaring(), AnnotatedSagas.read(saga.declaring(), saga.bean()));
            } catch (InvalidSagaException invalid) {
                problems.addAll(invalid.problems());
            }
        }
        try {
            SagaRegistry registry = SagaRegistry.of(built, definitions);
            if (problems.isEmpty()) {
                return registry;
            }
        } catch (InvalidSagaException invalid) {
            problems.addAll(invalid.problems());
        }
        throw new InvalidSagaException(problems);
    }
}
