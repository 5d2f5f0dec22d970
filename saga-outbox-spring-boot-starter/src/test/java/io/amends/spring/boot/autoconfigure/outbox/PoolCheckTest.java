package io.amends.spring.boot.autoconfigure.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.amends.outbox.relay.ProducerMode;
import io.amends.outbox.relay.ReadMode;
import io.amends.outbox.schema.SchemaMode;
import io.amends.spring.boot.autoconfigure.OutboxProperties;
import io.amends.spring.boot.autoconfigure.diagnostics.Analyses;
import io.amends.spring.boot.autoconfigure.kafka.SagaKafkaAutoConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.metadata.HikariDataSourcePoolMetadata;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** A pool in which the relay would leave no connection stops the start at once. No database is asked. */
class PoolCheckTest {

    @Test
    void a_pool_that_is_too_small_is_told_with_who_needs_it_and_what_to_set() {
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        DataSourceAutoConfiguration.class,
                        DataSourceTransactionManagerAutoConfiguration.class,
                        KafkaAutoConfiguration.class,
                        SagaKafkaAutoConfiguration.class,
                        OutboxAutoConfiguration.class))
                .withPropertyValues(
                        "spring.datasource.url=jdbc:postgresql://localhost:1/nowhere",
                        "spring.datasource.hikari.maximum-pool-size=1")
                .run(context -> failure.set(context.getStartupFailure()));
        FailureAnalysis analysis = Analyses.of(Objects.requireNonNull(failure.get()));

        assertThat(analysis.getDescription())
                .isEqualTo(
                        "The connection pool has 1 connection at most, but Amends needs 4: the relay keeps 3 (for its lease, for LISTEN, for reading), and all else takes turns at the others.");
        assertThat(analysis.getAction())
                .isEqualTo(
                        "Set its size, spring.datasource.hikari.maximum-pool-size, to 4 or more (HikariCP's own 10 are enough for one participant and few requests).");
    }

    @ParameterizedTest
    @CsvSource({
        "true,  true,  SNAPSHOT_DELTA, MIGRATE,  4",
        "true,  false, SNAPSHOT_DELTA, MIGRATE,  3",
        "true,  true,  PENDING_SET,    VALIDATE, 3",
        "true,  false, PENDING_SET,    NONE,     2",
        "false, true,  SNAPSHOT_DELTA, MIGRATE,  2",
        "false, true,  SNAPSHOT_DELTA, VALIDATE, 2",
    })
    void one_more_than_the_relay_keeps_is_enough_and_two_for_the_tables(
            boolean relay, boolean wakeOthers, ReadMode mode, SchemaMode tables, int enough) {
        OutboxProperties.Relay settings = relay(relay, wakeOthers, mode);
        assertThatCode(() -> check(enough, settings, tables)).doesNotThrowAnyException();
        assertThatThrownBy(() -> check(enough - 1, settings, tables))
                .isInstanceOf(PoolTooSmallException.class)
                .hasMessageContaining("at most, but Amends needs %d: ", enough);
    }

    @Test
    void a_pool_that_was_not_told_its_size_or_does_not_say_it_passes() {
        OutboxProperties.Relay settings = relay(true, true, ReadMode.SNAPSHOT_DELTA);
        assertThatCode(() -> check(-1, settings, SchemaMode.MIGRATE)).doesNotThrowAnyException();
        assertThatCode(() -> PoolCheck.check(new PGSimpleDataSource(), List.of(), settings, SchemaMode.MIGRATE))
                .doesNotThrowAnyException();
    }

    @Test
    void one_is_enough_for_who_neither_relays_nor_looks_after_the_tables() {
        OutboxProperties.Relay settings = relay(false, true, ReadMode.SNAPSHOT_DELTA);
        assertThatCode(() -> check(1, settings, SchemaMode.NONE)).doesNotThrowAnyException();
    }

    private static void check(int most, OutboxProperties.Relay relay, SchemaMode tables) {
        try (HikariDataSource pool = new HikariDataSource()) {
            if (most > 0) {
                pool.setMaximumPoolSize(most);
            }
            PoolCheck.check(
                    pool,
                    List.of(source -> new HikariDataSourcePoolMetadata((HikariDataSource) source)),
                    relay,
                    tables);
        }
    }

    private static OutboxProperties.Relay relay(boolean enabled, boolean wakeOthers, ReadMode mode) {
        Duration any = Duration.ofSeconds(1);
        return new OutboxProperties.Relay(
                enabled, 1, any, any, any, any, null, wakeOthers, mode, ProducerMode.IDEMPOTENT);
    }
}
