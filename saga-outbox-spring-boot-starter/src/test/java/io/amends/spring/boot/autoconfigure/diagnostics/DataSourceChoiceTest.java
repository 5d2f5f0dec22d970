package io.amends.spring.boot.autoconfigure.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.spring.boot.autoconfigure.outbox.OutboxAutoConfiguration;
import io.amends.spring.boot.autoconfigure.outbox.TransactionManagers;
import io.amends.spring.boot.autoconfigure.outbox.WrongTransactionManagerException;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.Environment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.transaction.KafkaTransactionManager;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.transaction.PlatformTransactionManager;

/** Which database is Amends' own, and by whose transactions. */
class DataSourceChoiceTest {

    private final DataSource shop = new PGSimpleDataSource();
    private final DataSource reports = new PGSimpleDataSource();

    @Test
    void several_data_sources_without_a_choice_are_told_with_their_names() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(OutboxAutoConfiguration.class))
                .withBean("shop", DataSource.class, () -> shop)
                .withBean("reports", DataSource.class, () -> reports)
                .run(context -> {
                    assertThat(context).hasFailed();
                    FailureAnalysis analysis = analyze(context.getStartupFailure());
                    assertThat(analysis.getDescription())
                            .isEqualTo("Amends writes its tables in one database, with the application's own"
                                    + " transactions, and 2 beans of type DataSource leave open in which: shop,"
                                    + " reports.");
                    assertThat(analysis.getAction())
                            .isEqualTo(
                                    "Mark the one whose transactions start sagas or handle commands as @Primary, with"
                                            + " its transaction manager. Others stay as they are; inject them by name.");
                });
    }

    @Test
    void the_primary_one_is_taken_with_its_transaction_manager() {
        JdbcTransactionManager own = new JdbcTransactionManager(shop);
        assertThat(choose(own, new JdbcTransactionManager(reports))).isSameAs(own);
        assertThat(choose(own)).isSameAs(own);
        JdbcTransactionManager behindProxy = new JdbcTransactionManager(new LazyConnectionDataSourceProxy(shop));
        assertThat(choose(behindProxy)).isSameAs(behindProxy);
    }

    @Test
    void a_transaction_manager_of_another_database_is_refused() {
        FailureAnalysis analysis = refusal(new JdbcTransactionManager(reports));
        assertThat(analysis.getDescription())
                .isEqualTo("The only or primary transaction manager, a JdbcTransactionManager, is that of another"
                        + " DataSource: what it commits is not what Amends writes.");
        assertThat(analysis.getAction()).startsWith("Add a JdbcTransactionManager (or JpaTransactionManager) for the");
    }

    @Test
    void kafka_s_transaction_manager_alone_is_refused() {
        FailureAnalysis analysis = refusal(new KafkaTransactionManager<>(kafka()));
        assertThat(analysis.getDescription())
                .isEqualTo("The only or primary transaction manager, a KafkaTransactionManager, is Kafka's: what it"
                        + " commits is not what Amends writes.");
    }

    @Test
    void no_transaction_manager_and_several_without_a_choice_are_told() {
        assertThat(refusal().getDescription())
                .isEqualTo("Amends needs the transaction manager of its database, but there is no bean of type"
                        + " PlatformTransactionManager.");
        assertThat(refusal(new JdbcTransactionManager(reports), new KafkaTransactionManager<>(kafka()))
                        .getDescription())
                .isEqualTo("Amends needs the transaction manager of its database, but several beans of type"
                        + " PlatformTransactionManager leave open which one it is: JdbcTransactionManager,"
                        + " KafkaTransactionManager.");
    }

    private static DefaultKafkaProducerFactory<byte[], byte[]> kafka() {
        DefaultKafkaProducerFactory<byte[], byte[]> factory = new DefaultKafkaProducerFactory<>(Map.of());
        factory.setTransactionIdPrefix("tx-");
        return factory;
    }

    private PlatformTransactionManager choose(PlatformTransactionManager... managers) {
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        for (int i = 0; i < managers.length; i++) {
            beans.registerSingleton("manager" + i, managers[i]);
        }
        return TransactionManagers.of(beans.getBeanProvider(PlatformTransactionManager.class), shop);
    }

    private FailureAnalysis refusal(PlatformTransactionManager... managers) {
        try {
            throw new AssertionError("taken: " + choose(managers));
        } catch (WrongTransactionManagerException wrong) {
            return analyze(wrong);
        }
    }

    /** As Spring Boot does: all registered analyzers in their order, the first that knows the failure. */
    private static FailureAnalysis analyze(Throwable failure) {
        return SpringFactoriesLoader.forDefaultResourceLocation()
                .load(
                        FailureAnalyzer.class,
                        ArgumentResolver.of(BeanFactory.class, new DefaultListableBeanFactory())
                                .and(Environment.class, new MockEnvironment()),
                        (type, name, thrown) -> {})
                .stream()
                .map(analyzer -> analyzer.analyze(failure))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow();
    }
}
