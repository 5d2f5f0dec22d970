package io.amends.spring.boot.autoconfigure.outbox;

import io.amends.outbox.UnwrittenChanges;
import jakarta.persistence.EntityManager;
import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * JPA beside the outbox. Entities are otherwise written while the transaction commits, which is after the messages: their
 * rows would be locked too late for the order of positions to be that of commits.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({EntityManager.class, EntityManagerHolder.class})
class JpaConfiguration {

    @Bean
    @ConditionalOnMissingBean
    UnwrittenChanges sagaUnwrittenChanges() {
        return () ->
                // A copy: what is called back during a flush may use further entity managers.
                List.copyOf(TransactionSynchronizationManager.getResourceMap().values()).stream()
                        .filter(EntityManagerHolder.class::isInstance)
                        .map(holder -> ((EntityManagerHolder) holder).getEntityManager())
                        .filter(EntityManager::isJoinedToTransaction)
                        .forEach(EntityManager::flush);
    }
}
