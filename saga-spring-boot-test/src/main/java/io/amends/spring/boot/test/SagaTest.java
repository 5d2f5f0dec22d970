package io.amends.spring.boot.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration;
import org.springframework.boot.test.context.filter.annotation.TypeExcludeFilters;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.BootstrapWith;
import org.springframework.test.context.TestExecutionListeners;
import org.springframework.test.context.TestExecutionListeners.MergeMode;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * For a test of the application's sagas and participants without any server: engine, orchestrator and participants with
 * inbox and barrier are those of production, database and broker are in memory, and time passes when the test says so.
 *
 * <p>Loaded are the application's {@link io.amends.saga.Saga} and {@link io.amends.saga.SagaParticipant} classes. What they
 * are given has to be imported, or is a {@code @MockitoBean}; other components, configurations found by scanning and
 * auto-configurations are not loaded. A participant that lives in another service is played by a class with
 * {@code @SagaParticipant} that the test imports; commands to one that nobody plays stay without an answer.
 *
 * <p>There to be injected: {@link SagaDriver}, {@code Sagas}, {@code SagaOperations}, {@code DeferredReplies},
 * {@code Outbox}, a transaction manager with {@code TransactionTemplate}, {@code MemoryDatabase} for stores of a test, and
 * a {@code Clock} that shows the virtual time. Before each test method everything begins anew, but beans stay. A bean of type
 * {@code Faults} lets things go wrong by chance, from the seed {@code saga.test.seed}.
 *
 * <p>Not part of it: PostgreSQL and Kafka themselves, semantic locks, flow control, threads.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@BootstrapWith(SagaTestContextBootstrapper.class)
@ExtendWith(SpringExtension.class)
@OverrideAutoConfiguration(enabled = false)
@TypeExcludeFilters(SagaTypeExcludeFilter.class)
@ImportAutoConfiguration
@TestExecutionListeners(listeners = BeginsAnew.class, mergeMode = MergeMode.MERGE_WITH_DEFAULTS)
public @interface SagaTest {

    /** The sagas and participants to load; all of the application's if there are none here. */
    Class<?>[] value() default {};

    /** Properties of the environment, as {@code key=value}. */
    String[] properties() default {};

    /** Whether sagas and participants are loaded; without it only what {@link #includeFilters} let in. */
    boolean useDefaultFilters() default true;

    /** Further components to load. */
    Filter[] includeFilters() default {};

    /** Sagas, participants and components not to load. */
    Filter[] excludeFilters() default {};

    /** Auto-configurations not to load. */
    @AliasFor(annotation = ImportAutoConfiguration.class, attribute = "exclude")
    Class<?>[] excludeAutoConfiguration() default {};
}
