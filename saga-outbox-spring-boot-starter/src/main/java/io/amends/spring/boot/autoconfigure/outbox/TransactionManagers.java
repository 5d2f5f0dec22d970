package io.amends.spring.boot.autoconfigure.outbox;

import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.ResourceTransactionManager;

/** Chooses the transaction manager of the outbox's database. */
public final class TransactionManagers {

    private static final String KAFKA = "org.springframework.kafka.";

    private TransactionManagers() {}

    /**
     * The only or primary transaction manager; where there are several (Kafka has one, too), the one of the database.
     *
     * @throws WrongTransactionManagerException if none can be told to be it, or the only one is plainly another's
     */
    public static PlatformTransactionManager of(
            ObjectProvider<PlatformTransactionManager> candidates, DataSource dataSource) {
        PlatformTransactionManager unique = candidates.getIfUnique();
        if (unique != null) {
            String other = otherResource(unique, dataSource);
            if (other != null) {
                throw new WrongTransactionManagerException(
                        "The only or primary transaction manager, a %s, is %s: what it commits is not what Amends writes."
                                .formatted(unique.getClass().getSimpleName(), other),
                        "Add a JdbcTransactionManager (or JpaTransactionManager) for the DataSource that Amends uses,"
                                + " and mark it as @Primary. Spring Boot makes none by itself once the application has"
                                + " another one.");
            }
            return unique;
        }
        return candidates.stream()
                .filter(candidate -> candidate instanceof ResourceTransactionManager manager
                        && manager.getResourceFactory() == dataSource)
                .findFirst()
                .orElseThrow(() -> new WrongTransactionManagerException(
                        "Amends needs the transaction manager of its database, but %s.".formatted(names(candidates)),
                        "Mark the one of the DataSource that Amends uses as @Primary, or add one if there is none."));
    }

    /** What it manages instead, where that is certain; JPA and JTA manage a DataSource without saying so. */
    private static @Nullable String otherResource(PlatformTransactionManager manager, DataSource dataSource) {
        if (manager.getClass().getName().startsWith(KAFKA)) {
            return "Kafka's";
        }
        return manager instanceof ResourceTransactionManager resource
                        && resource.getResourceFactory() instanceof DataSource managed
                        && target(managed) != target(dataSource)
                ? "that of another DataSource"
                : null;
    }

    private static @Nullable DataSource target(@Nullable DataSource dataSource) {
        DataSource at = dataSource;
        while (at instanceof DelegatingDataSource delegating) {
            at = delegating.getTargetDataSource();
        }
        return at;
    }

    private static String names(ObjectProvider<PlatformTransactionManager> candidates) {
        Map<String, Long> counts = new TreeMap<>();
        candidates.stream().forEach(one -> counts.merge(one.getClass().getSimpleName(), 1L, Long::sum));
        return counts.isEmpty()
                ? "there is no bean of type PlatformTransactionManager"
                : "several beans of type PlatformTransactionManager leave open which one it is: "
                        + String.join(", ", counts.keySet());
    }
}
