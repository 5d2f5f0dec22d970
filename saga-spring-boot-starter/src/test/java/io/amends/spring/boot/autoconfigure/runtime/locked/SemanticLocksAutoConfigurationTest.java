package io.amends.spring.boot.autoconfigure.runtime.locked;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.SagaSnapshot;
import io.amends.runtime.Sagas;
import io.amends.runtime.isolation.SemanticLocks;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.SagaPhase;
import io.amends.spring.boot.autoconfigure.runtime.locked.HotelApplication.Stay;
import io.amends.spring.boot.autoconfigure.runtime.locked.HotelApplication.StaySaga;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

class SemanticLocksAutoConfigurationTest {

    private static final int STAYS = 20;

    @Test
    void sagas_that_want_the_same_thing_have_it_one_after_the_other() {
        EmbeddedPostgresServer postgres = EmbeddedPostgresServer.shared();
        try (ConfigurableApplicationContext application = new SpringApplicationBuilder(HotelApplication.class)
                .run(
                        "--spring.flyway.enabled=false",
                        "--saga.topics.partitions=2",
                        "--saga.participant.concurrency=2",
                        "--spring.datasource.url=" + postgres.freshDatabase(),
                        "--spring.datasource.username=" + postgres.username(),
                        "--spring.datasource.password=" + postgres.password(),
                        "--spring.kafka.bootstrap-servers="
                                + EmbeddedKafkaBroker.shared().bootstrapServers())) {
            JdbcTemplate jdbc = application.getBean(JdbcTemplate.class);
            jdbc.execute("create table room_guest (room integer primary key, guest text not null)");
            Sagas sagas = application.getBean(Sagas.class);
            List<UUID> started = new ArrayList<>();
            for (int i = 0; i < STAYS; i++) {
                Stay stay = new Stay("guest " + i, i);
                started.add(sagas.start(StaySaga.class, stay, SagaKey.of(stay.guest()))
                        .sagaId());
            }

            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() ->
                            started.stream().allMatch(saga -> phase(sagas, saga).isTerminal()));
            assertThat(started.stream().filter(saga -> phase(sagas, saga) == SagaPhase.COMPLETED))
                    .hasSize(STAYS - 10);
            assertThat(jdbc.queryForObject("select count(*) from room_guest", Integer.class))
                    .isZero();
            assertThat(application.getBean(SemanticLocks.class).desk().list(10)).isEmpty();
        }
    }

    private static SagaPhase phase(Sagas sagas, UUID saga) {
        return sagas.find(saga).map(SagaSnapshot::phase).orElseThrow();
    }
}
