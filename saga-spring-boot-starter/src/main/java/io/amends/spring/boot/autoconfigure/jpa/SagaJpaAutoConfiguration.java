package io.amends.spring.boot.autoconfigure.jpa;

import jakarta.persistence.EntityManager;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.orm.jpa.JpaTransactionManager;

/**
 * Gives JPA's transaction manager savepoints, which Hibernate's dialect does not: what a handler, a local step or a hook wrote
 * before it rejected or threw is undone alone, while the transaction goes on.
 */
@AutoConfiguration
@ConditionalOnClass({EntityManager.class, JpaTransactionManager.class})
public final class SagaJpaAutoConfiguration {

    @Bean
    static BeanPostProcessor sagaJpaSavepoints() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                if (bean instanceof JpaTransactionManager manager) {
                    manager.setJpaDialect(new SavepointDialect(manager.getJpaDialect()));
                    manager.setNestedTransactionAllowed(true);
                }
                return bean;
            }
        };
    }
}
