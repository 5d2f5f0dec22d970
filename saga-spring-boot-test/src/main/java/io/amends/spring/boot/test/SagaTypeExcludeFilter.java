package io.amends.spring.boot.test;

import io.amends.saga.Saga;
import io.amends.saga.SagaParticipant;
import java.util.Set;
import org.springframework.boot.test.context.filter.annotation.StandardAnnotationCustomizableTypeExcludeFilter;

/** Lets sagas and participants in, all or those that a {@link SagaTest} names. */
final class SagaTypeExcludeFilter extends StandardAnnotationCustomizableTypeExcludeFilter<SagaTest> {

    private static final Set<Class<?>> ALL = Set.of(Saga.class, SagaParticipant.class);

    private final Set<Class<?>> named;

    /** Called by Spring Boot. */
    SagaTypeExcludeFilter(Class<?> testClass) {
        super(testClass);
        this.named = Set.of(getAnnotation().getValue("value", Class[].class).orElseGet(() -> new Class<?>[0]));
    }

    @Override
    protected Set<Class<?>> getKnownIncludes() {
        return named.isEmpty() ? ALL : Set.of();
    }

    @Override
    protected Set<Class<?>> getComponentIncludes() {
        return named;
    }
}
