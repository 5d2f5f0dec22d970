package io.amends.spring.boot.autoconfigure.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.runtime.SagaSnapshot;
import io.amends.runtime.Sagas;
import io.amends.runtime.StartedSaga;
import io.amends.runtime.retention.SagaRetention;
import io.amends.runtime.retention.SagaRetention.What;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.SagaPhase;
import io.amends.spring.boot.autoconfigure.orders.OrderApplication.Order;
import io.amends.spring.boot.autoconfigure.orders.OrderApplication.OrderSaga;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** The retention of an application that runs. */
@ExtendWith(OutputCaptureExtension.class)
class RetentionApplicationTest {

    private static final EmbeddedPostgresServer POSTGRES = EmbeddedPostgresServer.shared();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void an_ended_saga_is_removed_with_what_participants_remember_and_its_key_is_free_again(CapturedOutput output) {
        try (ConfigurableApplicationContext application = Servers.run(
                POSTGRES.freshDatabase(),
                "--saga.retention.sagas=1s",
                "--saga.retention.barrier=1s",
                "--saga.retention.interval=200ms")) {
            JdbcTemplate jdbc = application.getBean(JdbcTemplate.class);
            SagaRetention retention = application.getBean(SagaRetention.class);
            StartedSaga first = start(application);

            await().atMost(PATIENCE).untilAsserted(() -> {
                for (String table : new String[] {"saga_instance", "saga_step", "saga_history", "saga_inbox_command"}) {
                    assertThat(jdbc.queryForObject("select count(*) from " + table, Long.class))
                            .as(table)
                            .isZero();
                }
            });
            assertThat(retention.removed(What.SAGAS)).isEqualTo(1);
            assertThat(retention.removed(What.COMMANDS)).isPositive();
            assertThat(start(application).sagaId()).isNotEqualTo(first.sagaId());
            assertThat(output)
                    .contains(" keeps commands for 7d, but participants forget them after 1s (saga.retention.barrier)")
                    .contains("Removed what was kept for long enough: ");
        }
    }

    @Test
    void by_default_what_ended_just_now_stays() {
        try (ConfigurableApplicationContext application =
                Servers.run(POSTGRES.freshDatabase(), "--saga.retention.interval=20ms")) {
            StartedSaga saga = start(application);
            SagaRetention retention = application.getBean(SagaRetention.class);
            retention.removeAll();

            assertThat(ended(application, saga)).isTrue();
            assertThat(retention.removed(What.SAGAS)).isZero();
            assertThat(retention.removed(What.COMMANDS)).isZero();
        }
    }

    private static StartedSaga start(ConfigurableApplicationContext application) {
        StartedSaga started =
                application.getBean(Sagas.class).start(OrderSaga.class, new Order("kept", 5), SagaKey.of("kept"));
        assertThat(started.created()).isTrue();
        await().atMost(PATIENCE)
                .until(() -> application.getBean(SagaRetention.class).removed(What.SAGAS) > 0
                        || ended(application, started));
        return started;
    }

    private static boolean ended(ConfigurableApplicationContext application, StartedSaga saga) {
        return application
                .getBean(Sagas.class)
                .find(saga.sagaId())
                .map(SagaSnapshot::phase)
                .filter(SagaPhase.COMPLETED::equals)
                .isPresent();
    }
}
