package io.amends.spring.boot.autoconfigure.twopc;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import io.amends.outbox.schema.SagaSchema;
import io.amends.spring.boot.autoconfigure.InvalidSagaPropertiesException;
import io.amends.spring.boot.autoconfigure.outbox.OutboxAutoConfiguration;
import io.amends.spring.boot.autoconfigure.outbox.SagaDatabase;
import io.amends.twopc.CoordinatorName;
import io.amends.twopc.DecisionLog;
import io.amends.twopc.JdbcDecisionLog;
import io.amends.twopc.TwoPhaseEndpoint;
import io.amends.twopc.TwoPhaseTransactions;
import io.amends.twopc.TwoPhaseWork;
import io.amends.twopc.http.TwoPhaseHttp;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of two-phase commit, where saga-twopc is on the class path: the coordinator if participants are configured,
 * the endpoint for coordinators elsewhere if the application has a {@link TwoPhaseWork} bean. Both on the application's database.
 */
@AutoConfiguration(after = OutboxAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "saga.enabled", matchIfMissing = true)
@ConditionalOnClass(TwoPhaseTransactions.class)
@ConditionalOnBean(value = DataSource.class, name = OutboxAutoConfiguration.SCHEMA_BEAN)
@EnableConfigurationProperties(TwoPhaseProperties.class)
public final class TwoPhaseAutoConfiguration {

    /** The coordinator. */
    @Configuration(proxyBeanMethods = false)
    @Conditional(OnTwoPhaseParticipants.class)
    static class Coordinator {

        @Bean
        static SagaSchema.Scripts twoPhaseDecisionScripts() {
            return new SagaSchema.Scripts(JdbcDecisionLog.SCRIPTS_FOLDER, JdbcDecisionLog.SCRIPTS);
        }

        @Bean
        TwoPhaseParticipants twoPhaseParticipants(
                TwoPhaseProperties properties, BeanFactory beans, SagaDatabase database) {
            return new TwoPhaseParticipants(properties, beans, database.dataSource());
        }

        @Bean
        CoordinatorName twoPhaseCoordinatorName(TwoPhaseProperties properties, Environment environment) {
            return name(properties, environment.getProperty("spring.application.name"));
        }

        @Bean
        @ConditionalOnMissingBean(DecisionLog.class)
        @DependsOn(OutboxAutoConfiguration.SCHEMA_BEAN)
        JdbcDecisionLog twoPhaseDecisionLog(SagaDatabase database, CoordinatorName name) {
            return new JdbcDecisionLog(database.dataSource(), name.installation());
        }

        /** Its lifecycle closes it, before anything that it uses is closed. */
        @Bean(destroyMethod = "")
        @ConditionalOnMissingBean
        TwoPhaseTransactions twoPhaseTransactions(
                CoordinatorName name,
                DecisionLog decisions,
                TwoPhaseParticipants participants,
                TwoPhaseProperties properties) {
            TimeBasedEpochGenerator ids = Generators.timeBasedEpochGenerator();
            return new TwoPhaseTransactions(
                    name,
                    decisions,
                    participants.all(),
                    properties.settings(),
                    ids::generate,
                    () -> ThreadLocalRandom.current().nextDouble());
        }

        @Bean
        TwoPhaseLifecycle twoPhaseLifecycle(
                TwoPhaseTransactions transactions, CoordinatorName name, TwoPhaseParticipants participants) {
            return new TwoPhaseLifecycle(transactions, name, participants.all());
        }
    }

    /** Its metrics, where the application has Micrometer. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterBinder.class)
    @Conditional(OnTwoPhaseParticipants.class)
    static class Metrics {

        @Bean
        TwoPhaseMetrics twoPhaseMetrics(TwoPhaseTransactions transactions) {
            return new TwoPhaseMetrics(transactions);
        }
    }

    /** The service's side. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBean(TwoPhaseWork.class)
    static class Endpoint {

        @Bean
        static SagaSchema.Scripts twoPhaseEndpointScripts() {
            return new SagaSchema.Scripts(TwoPhaseEndpoint.SCRIPTS_FOLDER, TwoPhaseEndpoint.SCRIPTS);
        }

        @Bean
        @ConditionalOnMissingBean
        @DependsOn(OutboxAutoConfiguration.SCHEMA_BEAN)
        TwoPhaseEndpoint twoPhaseEndpoint(SagaDatabase database, TwoPhaseWork work, TwoPhaseProperties properties) {
            requireReserve(database, properties.endpoint().concurrency());
            return new TwoPhaseEndpoint(
                    database.dataSource(), work, properties.endpoint().settings());
        }

        @Bean
        TwoPhaseEndpointCheck twoPhaseEndpointCheck(TwoPhaseEndpoint endpoint, TwoPhaseProperties properties) {
            return new TwoPhaseEndpointCheck(endpoint, properties.endpoint().settleTimeout());
        }
    }

    /**
     * Checks that a pool of HikariCP, whose size can be seen, has a connection for commits while all branches are at work.
     *
     * @throws InvalidSagaPropertiesException if it has none
     */
    private static void requireReserve(SagaDatabase database, int concurrency) {
        HikariDataSource pool =
                DataSourceUnwrapper.unwrap(database.dataSource(), HikariConfigMXBean.class, HikariDataSource.class);
        if (pool != null && pool.getMaximumPoolSize() <= concurrency) {
            throw new InvalidSagaPropertiesException(List.of(
                    "saga.twopc.endpoint.concurrency is %d, but the pool has %d connections: while as many branches wait for locks, the commit that would free these finds no connection. Set it lower, or spring.datasource.hikari.maximum-pool-size higher."
                            .formatted(concurrency, pool.getMaximumPoolSize())));
        }
    }

    /** Spring MVC's controller for it. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBean(TwoPhaseWork.class)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    @ConditionalOnClass(name = "org.springframework.web.servlet.DispatcherServlet")
    static class Web {

        @Bean
        TwoPhaseController twoPhaseController(TwoPhaseEndpoint endpoint, TwoPhaseProperties properties) {
            String secret = properties.endpoint().secret();
            if (secret == null) {
                throw new InvalidSagaPropertiesException(List.of(
                        "saga.twopc.endpoint.secret is not set, but there is a bean of type TwoPhaseWork: without a secret anybody could write to this service's database. Set one of at least %d characters, and the same at the coordinator as the participant's secret."
                                .formatted(TwoPhaseHttp.SHORTEST_SECRET)));
            }
            return new TwoPhaseController(new TwoPhaseHttp(endpoint, secret));
        }
    }

    /**
     * The configured names. A coordinator's name that is made up is another one at each start.
     *
     * @throws InvalidSagaPropertiesException if neither the installation nor the application has a name
     */
    static CoordinatorName name(TwoPhaseProperties properties, @Nullable String application) {
        String installation = properties.installation() == null ? clean(application) : properties.installation();
        if (installation.isEmpty()) {
            throw new InvalidSagaPropertiesException(
                    List.of(
                            "saga.twopc.installation is not set, and neither is spring.application.name: prepared transactions need a name that stays the same. Set one of the two."));
        }
        String coordinator = properties.coordinator();
        if (coordinator == null) {
            String random = Generators.randomBasedGenerator().generate().toString();
            coordinator = "%d-%s".formatted(ProcessHandle.current().pid(), random.substring(0, 8));
        }
        return new CoordinatorName(installation, coordinator);
    }

    private static String clean(@Nullable String application) {
        return application == null ? "" : application.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_.-]+", "-");
    }
}
