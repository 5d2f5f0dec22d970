package io.amends.spring.boot.autoconfigure.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.amends.outbox.relay.ProducerMode;
import io.amends.outbox.relay.ReadMode;
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
                        "Set its size, spring.datasource.hikari.maximum-pool-size, to 4 or more (HikariCP's own 10 are enough for one participant and few requests), or leave the relay to another process with saga.relay.enabled=false.");
    }

    @ParameterizedTest
    @CsvSource({
        "true,  true,  SNAPSHOT_DELTA, 3",
        "true,  false, SNAPSHOT_DELTA, 2",
        "true,  true,  PENDING_SET,    2",
        "false, true,  SNAPSHOT_DELTA, 0",
    })
    void one_more_than_the_relay_keeps_is_enough(boolean relay, boolean wakeOthers, ReadMode mode, int kept) {
        assertThatCode(() -> check(kept + 1, relay, wakeOthers, mode)).doesNotThrowAnyException();
        if (kept > 0) {
            assertThatThrownBy(() -> check(kept, relay, wakeOthers, mode)).isInstanceOf(PoolTooSmallException.class);
        }
    }

    @Test
    void a_pool_that_was_not_told_its_size_or_does_not_say_it_passes() {
        assertThatCode(() -> check(-1, true, true, ReadMode.SNAPSHOT_DELTA)).doesNotThrowAnyException();
        assertThatCode(() -> PoolCheck.check(
                        new PGSimpleDataSource(), List.of(), relay(true, true, ReadMode.SNAPSHOT_DELTA)))
                .doesNotThrowAnyException();
    }

    private static void check(int most, boolean enabled, boolean wakeOthers, ReadMode mode) {
        try (HikariDataSource pool = new HikariDataSource()) {
            if (most > 0) {
                pool.setMaximumPoolSize(most);
            }
            PoolCheck.check(
                    pool,
                    List.of(source -> new HikariDataSourcePoolMetadata((HikariDataSource) source)),
                    relay(enabled, wakeOthers, mode));
        }
    }

    private static OutboxProperties.Relay relay(boolean enabled, boolean wakeOthers, ReadMode mode) {
        Duration any = Duration.ofSeconds(1);
        return new OutboxProperties.Relay(
                enabled, 1, any, any, any, any, null, wakeOthers, mode, ProducerMode.IDEMPOTENT);
    }
}
