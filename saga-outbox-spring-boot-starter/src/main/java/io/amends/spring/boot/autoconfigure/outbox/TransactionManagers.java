package io.amends.spring.boot.autoconfigure.outbox;

import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.ResourceTransactionManager;

/** Chooses the transaction manager of the outbox's database. */
public final class TransactionManagers {

    private TransactionManagers() {}

    /**
     * The only or primary transaction manager; where there are several (Kafka has one, too), the one of the database.
     *
     * @throws IllegalStateException if none can be told to be it
     */
    public static PlatformTransactionManager of(
            ObjectProvider<PlatformTransactionManager> candidates, DataSource dataSource) {
        PlatformTransactionManager unique = candidates.getIfUnique();
        if (unique != null) {
            return unique;
        }
        return candidates.stream()
                .filter(candidate -> candidate instanceof ResourceTransactionManager manager
                        && manager.getResourceFactory() == dataSource)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "Amends needs the transaction manager of its database, and %d beans of type PlatformTransactionManager leave it open. Mark that one as @Primary."
                                .formatted(candidates.stream().count())));
    }
}
