package io.amends.spring.boot.autoconfigure.definition;

import io.amends.saga.Saga;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;

/**
 * Auto-configuration of the saga definitions: classes with {@link Saga} in or below the application's packages, and beans
 * of type {@link SagaDefinition}.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "saga.enabled", matchIfMissing = true)
public final class SagaDefinitionAutoConfiguration {

    @Bean
    static AnnotatedClassRegistrar sagaAnnotatedClassRegistrar(Environment environment, ResourceLoader resources) {
        return new AnnotatedClassRegistrar(environment, resources);
    }

    @Bean
    @ConditionalOnMissingBean
    SagaRegistry sagaRegistry(ListableBeanFactory factory, ObjectProvider<SagaDefinition> built) {
        return SagaDefinitions.read(AnnotatedBeans.of(factory, Saga.class), SagaDefinitions.Built.of(factory, built));
    }
}
