package io.amends.spring.boot.autoconfigure.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.mockito.Mockito.mock;

import io.amends.outbox.CommitGuard;
import io.amends.spring.boot.autoconfigure.SagaDataSource;
import io.amends.spring.boot.autoconfigure.diagnostics.Analyses;
import jakarta.persistence.EntityManagerFactory;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.beans.factory.config.BeanDefinitionCustomizer;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.transaction.KafkaTransactionManager;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.SimpleTransactionStatus;

/** Which database is Amends' own, and by whose transactions. */
class DataSourceChoiceTest {

    private static final BeanDefinitionCustomizer PRIMARY = bean -> bean.setPrimary(true);
    private static final BeanDefinitionCustomizer ANNOTATED =
            bean -> ((AbstractBeanDefinition) bean).addQualifier(new AutowireCandidateQualifier(SagaDataSource.class));
    private static final BeanDefinitionCustomizer HIDDEN =
            bean -> ((AbstractBeanDefinition) bean).setDefaultCandidate(false);

    private final DataSource shop = new PGSimpleDataSource();
    private final DataSource reports = new PGSimpleDataSource();

    private ApplicationContextRunner application =
            new ApplicationContextRunner().withUserConfiguration(SagaDatabaseConfiguration.class);

    @Test
    void several_data_sources_without_a_choice_are_told_with_their_names() {
        dataSource("shop", shop);
        dataSource("reports", reports);

        FailureAnalysis analysis = refusal();

        assertThat(analysis.getDescription())
                .isEqualTo("Amends writes its tables in one database, with the application's own transactions, and 2"
                        + " beans of type DataSource leave open in which: shop, reports.");
        assertThat(analysis.getAction())
                .isEqualTo("Annotate the one whose transactions start sagas or handle commands with @SagaDataSource,"
                        + " and its transaction manager too; or mark both as @Primary. Others stay as they are.");
    }

    @Test
    void several_annotated_data_sources_are_told_with_their_names() {
        dataSource("shop", shop, ANNOTATED);
        dataSource("reports", reports, ANNOTATED);

        FailureAnalysis analysis = refusal();

        assertThat(analysis.getDescription())
                .isEqualTo("Amends writes its tables in one database, with the application's own transactions, and 2"
                        + " beans of type DataSource carry @SagaDataSource: shop, reports.");
        assertThat(analysis.getAction())
                .isEqualTo("Leave the annotation on the one whose transactions start sagas or handle commands.");
    }

    @Test
    void the_primary_one_is_taken_with_its_transaction_manager() {
        JdbcTransactionManager own = new JdbcTransactionManager(shop);
        JdbcTransactionManager behindProxy = new JdbcTransactionManager(new LazyConnectionDataSourceProxy(shop));
        dataSource("shop", shop, PRIMARY);
        dataSource("reports", reports);

        assertThat(chosen(own, new JdbcTransactionManager(reports))).isSameAs(own);
        assertThat(chosen(own)).isSameAs(own);
        assertThat(chosen(behindProxy)).isSameAs(behindProxy);
        assertThat(chosen(behindProxy, new JdbcTransactionManager(reports))).isSameAs(behindProxy);
    }

    @Test
    void the_annotated_one_goes_before_the_primary_one_and_its_transaction_manager_is_found() {
        JdbcTransactionManager own = new JdbcTransactionManager(shop);
        dataSource("shop", shop, ANNOTATED);
        dataSource("reports", reports, PRIMARY);

        assertThat(chosen(own)).isSameAs(own);
        manager("usual", new JdbcTransactionManager(reports), PRIMARY);
        assertThat(chosen(own)).isSameAs(own);
    }

    @Test
    void the_annotated_transaction_manager_goes_before_others_even_where_both_are_hidden_from_other_beans() {
        JdbcTransactionManager own = new JdbcTransactionManager(shop);
        dataSource("shop", shop, ANNOTATED, HIDDEN);
        dataSource("reports", reports);
        manager("own", own, ANNOTATED, HIDDEN);

        assertThat(chosen(new JdbcTransactionManager(reports))).isSameAs(own);
    }

    @Test
    void the_transaction_manager_of_jpa_is_told_by_its_database() {
        JpaTransactionManager own = new JpaTransactionManager(mock(EntityManagerFactory.class));
        own.setDataSource(shop);
        dataSource("shop", shop, ANNOTATED);
        dataSource("reports", reports, PRIMARY);

        assertThat(chosen(new JdbcTransactionManager(reports), own)).isSameAs(own);
    }

    @Test
    void a_transaction_manager_that_does_not_say_what_it_manages_is_taken_if_it_is_the_only_one() {
        PlatformTransactionManager distributed = new PseudoTransactionManager();
        dataSource("shop", shop, ANNOTATED);
        dataSource("reports", reports, PRIMARY);

        assertThat(chosen(distributed)).isSameAs(distributed);
    }

    @Test
    void the_chosen_one_refuses_what_is_appended_too_late_also_if_the_application_made_it() {
        JdbcTransactionManager own = new JdbcTransactionManager(shop);
        dataSource("shop", shop);

        chosen(own);
        chosen(own);

        assertThat(own.getTransactionExecutionListeners())
                .hasOnlyElementsOfType(CommitGuard.class)
                .hasSize(1);
    }

    @Test
    void a_transaction_manager_of_another_database_is_refused() {
        dataSource("shop", shop, PRIMARY);
        FailureAnalysis analysis = refusal(new JdbcTransactionManager(reports));
        assertThat(analysis.getDescription())
                .isEqualTo("The only or primary transaction manager, a JdbcTransactionManager, is that of another"
                        + " DataSource: what it commits is not what Amends writes.");
        assertThat(analysis.getAction()).startsWith("Add a JdbcTransactionManager (or JpaTransactionManager) for the");
    }

    @Test
    void an_annotated_database_needs_its_own_transaction_manager() {
        dataSource("shop", shop, ANNOTATED);
        dataSource("reports", reports, PRIMARY);

        FailureAnalysis without = refusal(new JdbcTransactionManager(reports));
        manager("wrong", new JdbcTransactionManager(reports), ANNOTATED);
        FailureAnalysis wrong = refusal();
        manager("right", new JdbcTransactionManager(shop), ANNOTATED);
        FailureAnalysis several = refusal();

        assertThat(without.getDescription())
                .isEqualTo("Amends needs the transaction manager of its database, but the only or primary one, a"
                        + " JdbcTransactionManager, is that of another DataSource.");
        assertThat(without.getAction())
                .isEqualTo("Annotate that of the DataSource with @SagaDataSource, which carries it too, or add one if"
                        + " there is none.");
        assertThat(wrong.getDescription())
                .isEqualTo("The transaction manager with @SagaDataSource, a JdbcTransactionManager, is that of another"
                        + " DataSource: what it commits is not what Amends writes.");
        assertThat(wrong.getAction()).isEqualTo("Annotate that of the DataSource with @SagaDataSource instead.");
        assertThat(several.getDescription())
                .isEqualTo("Amends needs the transaction manager of its database, but several carry @SagaDataSource:"
                        + " JdbcTransactionManager.");
        assertThat(several.getAction()).isEqualTo("Leave the annotation on that of the DataSource that Amends uses.");
    }

    @Test
    void kafka_s_transaction_manager_alone_is_refused() {
        dataSource("shop", shop);
        FailureAnalysis analysis = refusal(new KafkaTransactionManager<>(kafka()));
        assertThat(analysis.getDescription())
                .isEqualTo("The only or primary transaction manager, a KafkaTransactionManager, is Kafka's: what it"
                        + " commits is not what Amends writes.");
    }

    @Test
    void no_transaction_manager_and_several_without_a_choice_are_told() {
        dataSource("shop", shop);
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

    private void dataSource(String name, DataSource bean, BeanDefinitionCustomizer... how) {
        application = application.withBean(name, DataSource.class, () -> bean, how);
    }

    private void manager(String name, PlatformTransactionManager bean, BeanDefinitionCustomizer... how) {
        application = application.withBean(name, PlatformTransactionManager.class, () -> bean, how);
    }

    private ApplicationContextRunner with(PlatformTransactionManager... managers) {
        ApplicationContextRunner with = application;
        for (int i = 0; i < managers.length; i++) {
            PlatformTransactionManager manager = managers[i];
            with = with.withBean("manager" + i, PlatformTransactionManager.class, () -> manager);
        }
        return with;
    }

    /** That of the database that is called {@code shop}. */
    private PlatformTransactionManager chosen(PlatformTransactionManager... managers) {
        AtomicReference<PlatformTransactionManager> chosen = new AtomicReference<>();
        with(managers).run(context -> {
            SagaDatabase database = context.getBean(SagaDatabase.class);
            assertThat(database.dataSource()).isSameAs(shop);
            chosen.set(database.transactions());
        });
        return chosen.get();
    }

    private FailureAnalysis refusal(PlatformTransactionManager... managers) {
        AtomicReference<Throwable> refusal = new AtomicReference<>();
        with(managers).run(context -> {
            Throwable start = context.getStartupFailure();
            refusal.set(
                    start != null
                            ? start
                            : catchThrowable(
                                    () -> context.getBean(SagaDatabase.class).transactions()));
        });
        return Analyses.of(refusal.get());
    }

    /** Like that of JTA. */
    private static final class PseudoTransactionManager implements PlatformTransactionManager {

        @Override
        public TransactionStatus getTransaction(@Nullable TransactionDefinition definition) {
            return new SimpleTransactionStatus();
        }

        @Override
        public void commit(TransactionStatus status) {}

        @Override
        public void rollback(TransactionStatus status) {}
    }
}
