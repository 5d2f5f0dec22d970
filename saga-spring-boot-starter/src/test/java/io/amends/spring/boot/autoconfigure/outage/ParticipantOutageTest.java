package io.amends.spring.boot.autoconfigure.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.runtime.Sagas;
import io.amends.runtime.flow.ParticipantFlow;
import io.amends.runtime.flow.ParticipantFlow.State;
import io.amends.runtime.flow.SagaFlow;
import io.amends.saga.SagaKey;
import io.amends.spring.boot.autoconfigure.outage.TicketApplication.Ticket;
import io.amends.spring.boot.autoconfigure.outage.TicketApplication.TicketSaga;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A participant whose processes are all gone for a while, on a real broker and database. */
class ParticipantOutageTest {

    private static final int SAGAS = 50;
    private static final int LATER_SAGAS = 30;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String database = EmbeddedPostgresServer.shared().freshDatabase();

    @Test
    void while_a_participant_is_away_its_sagas_wait_and_all_of_them_complete_once_it_is_back() {
        try (ConfigurableApplicationContext orchestrator = run("--saga.participant.enabled=false")) {
            JdbcClient jdbc = orchestrator.getBean(JdbcClient.class);
            SagaFlow flow = orchestrator.getBean(SagaFlow.class);
            start(orchestrator, "early", SAGAS);
            await().atMost(PATIENCE).until(() -> boxOffice(flow).stream().anyMatch(p -> p.waitingSteps() == SAGAS));
            start(orchestrator, "later", LATER_SAGAS);
            // Without the breaker all attempts would be spent by then.
            long until = System.nanoTime() + Duration.ofSeconds(4).toNanos();
            await().atMost(PATIENCE).until(() -> System.nanoTime() > until);

            assertThat(boxOffice(flow)).singleElement().satisfies(participant -> {
                assertThat(participant.state()).isNotEqualTo(State.CLOSED);
                assertThat(participant.waitingSteps()).isGreaterThan(SAGAS);
            });
            assertThat(phases(jdbc)).containsExactly("RUNNING");
            assertThat(mostAttempts(jdbc, "later%")).isLessThanOrEqualTo(1);

            try (ConfigurableApplicationContext participant = run("--saga.orchestrator.enabled=false")) {
                await().atMost(PATIENCE).until(() -> phases(jdbc).equals(List.of("COMPLETED")));
                assertThat(participant.isRunning()).isTrue();
            }

            assertThat(count(jdbc, "saga_instance")).isEqualTo(SAGAS + LATER_SAGAS);
            assertThat(mostAttempts(jdbc, "%")).isLessThan(6);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(boxOffice(flow))
                            .singleElement()
                            .satisfies(participant -> {
                                assertThat(participant.state()).isEqualTo(State.CLOSED);
                                assertThat(participant.waitingSteps()).isZero();
                            }));
        }
    }

    private static void start(ConfigurableApplicationContext orchestrator, String prefix, int number) {
        Sagas sagas = orchestrator.getBean(Sagas.class);
        for (int i = 0; i < number; i++) {
            sagas.start(TicketSaga.class, new Ticket(prefix + i), SagaKey.of(prefix + i));
        }
    }

    private static List<ParticipantFlow> boxOffice(SagaFlow flow) {
        return flow.participants();
    }

    private static List<String> phases(JdbcClient jdbc) {
        return jdbc.sql("select distinct phase from saga_instance")
                .query(String.class)
                .list();
    }

    private static int mostAttempts(JdbcClient jdbc, String keys) {
        return jdbc.sql("""
                        select max(s.attempts) from saga_step s join saga_instance i using (saga_id)
                         where i.business_key like ?""").param(keys).query(Integer.class).single();
    }

    private static long count(JdbcClient jdbc, String table) {
        return jdbc.sql("select count(*) from " + table).query(Long.class).single();
    }

    private ConfigurableApplicationContext run(String role) {
        EmbeddedPostgresServer postgres = EmbeddedPostgresServer.shared();
        Map<String, Object> properties = new HashMap<>();
        properties.put("spring.main.banner-mode", "off");
        properties.put("spring.datasource.url", database);
        properties.put("spring.datasource.username", postgres.username());
        properties.put("spring.datasource.password", postgres.password());
        properties.put(
                "spring.kafka.bootstrap-servers", EmbeddedKafkaBroker.shared().bootstrapServers());
        properties.put("spring.flyway.enabled", "false");
        properties.put("saga.topics.partitions", "2");
        properties.put("saga.orchestrator.timer-interval", "50ms");
        properties.put("saga.flow.interval", "50ms");
        properties.put("saga.flow.breaker.failures", "5");
        properties.put("saga.flow.breaker.pause", "300ms");
        properties.put("saga.flow.breaker.pause-max", "1s");
        properties.put("saga.flow.breaker.probe-timeout", "500ms");
        return new SpringApplicationBuilder(TicketApplication.class)
                .properties(properties)
                .run(role);
    }
}
