package io.amends.spring.boot.autoconfigure.outbox;

import io.amends.outbox.CommitGuard;
import io.amends.spring.boot.autoconfigure.SagaDataSource;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/** Which database is that of Amends: the one with {@link SagaDataSource}, or else the only or primary one. */
@Configuration(proxyBeanMethods = false)
class SagaDatabaseConfiguration {

    /** Spring Boot adds it to the transaction managers that it makes. It needs nothing, since they are made early. */
    @Bean
    static CommitGuard sagaCommitGuard() {
        return new CommitGuard();
    }

    @Bean
    static SagaDatabase sagaDatabase(
            ObjectProvider<DataSource> dataSources,
            @SagaDataSource ObjectProvider<DataSource> annotated,
            ObjectProvider<PlatformTransactionManager> managers,
            @SagaDataSource ObjectProvider<PlatformTransactionManager> annotatedManagers,
            CommitGuard guard) {
        DataSource own = annotated(annotated);
        DataSource dataSource = own == null ? onlyOrPrimary(dataSources) : own;
        TransactionManagers choice = new TransactionManagers(dataSource, own != null, managers, annotatedManagers);
        return new SagaDatabase(dataSource, () -> guarded(choice.choose(), guard));
    }

    /** One that the application makes itself does not know the guard. */
    private static PlatformTransactionManager guarded(PlatformTransactionManager manager, CommitGuard guard) {
        if (manager instanceof ConfigurableTransactionManager open
                && open.getTransactionExecutionListeners().stream().noneMatch(CommitGuard.class::isInstance)) {
            open.addListener(guard);
        }
        return manager;
    }

    private static @Nullable DataSource annotated(ObjectProvider<DataSource> annotated) {
        try {
            return annotated.getIfAvailable();
        } catch (NoUniqueBeanDefinitionException several) {
            throw SeveralDataSourcesException.annotated(several);
        }
    }

    private static DataSource onlyOrPrimary(ObjectProvider<DataSource> dataSources) {
        try {
            return dataSources.getObject();
        } catch (NoUniqueBeanDefinitionException several) {
            throw SeveralDataSourcesException.unmarked(several);
        }
    }
}
