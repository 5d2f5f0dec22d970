package io.amends.spring.boot.autoconfigure.outbox;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.util.ClassUtils;

/**
 * Chooses the transaction manager of the database of Amends.
 *
 * @param dataSource the database
 * @param annotated whether it was chosen by an annotation, so that the application's usual transactions may be another's
 * @param all the application's transaction managers
 * @param marked those with the annotation
 */
record TransactionManagers(
        DataSource dataSource,
        boolean annotated,
        ObjectProvider<PlatformTransactionManager> all,
        ObjectProvider<PlatformTransactionManager> marked) {

    private static final String KAFKA = "org.springframework.kafka.";
    private static final boolean JPA = ClassUtils.isPresent(
            "org.springframework.orm.jpa.JpaTransactionManager", TransactionManagers.class.getClassLoader());

    /**
     * The annotated transaction manager. Without one: of an annotated database the one that manages it; otherwise the only or
     * primary one, or where there are several (Kafka has one, too) the one of the database.
     *
     * @throws WrongTransactionManagerException if none can be told to be it, or what is there is plainly another's
     */
    PlatformTransactionManager choose() {
        PlatformTransactionManager chosen = chosenByAnnotation();
        if (chosen != null) {
            return ours(
                    chosen,
                    "The transaction manager with @SagaDataSource",
                    "Annotate that of the DataSource with @SagaDataSource instead.");
        }
        PlatformTransactionManager unique = all.getIfUnique();
        if (unique != null && !annotated) {
            return ours(
                    unique,
                    "The only or primary transaction manager",
                    "Add a JdbcTransactionManager (or JpaTransactionManager) for the DataSource that Amends uses,"
                            + " and mark it as @Primary. Spring Boot makes none by itself once the application has"
                            + " another one.");
        }
        return Stream.concat(
                        all.stream().filter(this::isPlainlyOurs),
                        Stream.ofNullable(unique).filter(one -> managedBy(one) == null && otherResource(one) == null))
                .findFirst()
                .orElseThrow(
                        () -> new WrongTransactionManagerException(
                                "Amends needs the transaction manager of its database, but %s."
                                        .formatted(candidates(unique)),
                                annotated
                                        ? "Annotate that of the DataSource with @SagaDataSource, which carries it too, or add one if there is none."
                                        : "Mark the one of the DataSource that Amends uses as @Primary, or add one if there is none."));
    }

    private @Nullable PlatformTransactionManager chosenByAnnotation() {
        try {
            return marked.getIfAvailable();
        } catch (NoUniqueBeanDefinitionException several) {
            throw new WrongTransactionManagerException(
                    "Amends needs the transaction manager of its database, but several carry @SagaDataSource: %s."
                            .formatted(names(marked)),
                    "Leave the annotation on that of the DataSource that Amends uses.");
        }
    }

    private PlatformTransactionManager ours(PlatformTransactionManager manager, String which, String remedy) {
        String other = otherResource(manager);
        if (other != null) {
            throw new WrongTransactionManagerException(
                    "%s, a %s, is %s: what it commits is not what Amends writes."
                            .formatted(which, manager.getClass().getSimpleName(), other),
                    remedy);
        }
        return manager;
    }

    private boolean isPlainlyOurs(PlatformTransactionManager manager) {
        DataSource managed = managedBy(manager);
        return managed != null && target(managed) == target(dataSource);
    }

    /** What it manages instead, where that is certain: what JPA's says may be a wrapper of the same, and JTA's says nothing. */
    private @Nullable String otherResource(PlatformTransactionManager manager) {
        if (manager.getClass().getName().startsWith(KAFKA)) {
            return "Kafka's";
        }
        return manager instanceof ResourceTransactionManager resource
                        && resource.getResourceFactory() instanceof DataSource managed
                        && target(managed) != target(dataSource)
                ? "that of another DataSource"
                : null;
    }

    /** Null where it does not say. */
    private static @Nullable DataSource managedBy(PlatformTransactionManager manager) {
        if (JPA && Jpa.is(manager)) {
            return Jpa.managedBy(manager);
        }
        return manager instanceof ResourceTransactionManager resource
                        && resource.getResourceFactory() instanceof DataSource managed
                ? managed
                : null;
    }

    private static DataSource target(DataSource dataSource) {
        DataSource at = dataSource;
        while (at instanceof DelegatingDataSource delegating && delegating.getTargetDataSource() != null) {
            at = delegating.getTargetDataSource();
        }
        return at;
    }

    private String candidates(@Nullable PlatformTransactionManager unique) {
        if (unique != null) {
            return "the only or primary one, a %s, is that of another DataSource"
                    .formatted(unique.getClass().getSimpleName());
        }
        String names = names(all);
        return names.isEmpty()
                ? "there is no bean of type PlatformTransactionManager"
                : "several beans of type PlatformTransactionManager leave open which one it is: " + names;
    }

    private static String names(ObjectProvider<PlatformTransactionManager> candidates) {
        Map<String, Long> counts = new TreeMap<>();
        candidates.stream().forEach(one -> counts.merge(one.getClass().getSimpleName(), 1L, Long::sum));
        return String.join(", ", counts.keySet());
    }

    /** Loaded where JPA is. */
    private static final class Jpa {

        static boolean is(PlatformTransactionManager manager) {
            return manager instanceof JpaTransactionManager;
        }

        static @Nullable DataSource managedBy(PlatformTransactionManager manager) {
            return ((JpaTransactionManager) manager).getDataSource();
        }
    }
}
