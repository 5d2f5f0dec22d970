package io.amends.spring.boot.autoconfigure.definition;

import io.amends.saga.Saga;
import io.amends.saga.definition.AnnotatedSagas;
import io.amends.saga.definition.InvalidSagaException;
import io.amends.saga.definition.Problem;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import io.amends.spring.boot.autoconfigure.definition.AnnotatedBeans.AnnotatedBean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;

/** Reads all of an application's sagas, so that all that is wrong with any of them is told at once. */
final class SagaDefinitions {

    private SagaDefinitions() {}

    /**
     * The registry of the declared and the built sagas.
     *
     * @param declared the beans of classes with {@link Saga}
     * @param built gives the definitions that were built; those of all beans, or what is wrong with them
     * @throws InvalidSagaException with the problems of every saga
     */
    static SagaRegistry read(List<AnnotatedBean<Saga>> declared, Built built) {
        Map<Class<?>, SagaDefinition> definitions = new LinkedHashMap<>();
        List<Class<?>> unread = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (AnnotatedBean<Saga> saga : declared) {
            try {
                definitions.put(saga.declaring(), AnnotatedSagas.read(saga.declaring(), saga.bean()));
            } catch (InvalidSagaException invalid) {
                unread.add(saga.declaring());
                problems.addAll(invalid.problems());
            }
        }
        problems.addAll(built.problems());
        problems.addAll(SagaRegistry.duplicates(built.definitions(), definitions, unread));
        if (!problems.isEmpty()) {
            throw new InvalidSagaException(problems);
        }
        return SagaRegistry.of(built.definitions(), definitions);
    }

    /**
     * What beans of type {@link SagaDefinition} came to.
     *
     * @param definitions those that could be built
     * @param problems what is wrong with the others
     */
    record Built(List<SagaDefinition> definitions, List<Problem> problems) {

        /** Of all beans: the first that can't be built is not the last that is looked at. */
        static Built of(ListableBeanFactory factory, ObjectProvider<SagaDefinition> beans) {
            try {
                return new Built(beans.orderedStream().toList(), List.of());
            } catch (BeanCreationException thrown) {
                if (problemsIn(thrown).isEmpty()) {
                    throw thrown;
                }
            }
            List<SagaDefinition> definitions = new ArrayList<>();
            List<Problem> problems = new ArrayList<>();
            for (String name : BeanFactoryUtils.beanNamesForTypeIncludingAncestors(factory, SagaDefinition.class)) {
                try {
                    definitions.add(factory.getBean(name, SagaDefinition.class));
                } catch (BeanCreationException thrown) {
                    // One that lacks something else is told at a start at which no definition is wrong.
                    problems.addAll(problemsIn(thrown));
                }
            }
            return new Built(definitions, problems);
        }

        private static List<Problem> problemsIn(Throwable thrown) {
            for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
                if (cause instanceof InvalidSagaException invalid) {
                    return invalid.problems();
                }
            }
            return List.of();
        }
    }
}
