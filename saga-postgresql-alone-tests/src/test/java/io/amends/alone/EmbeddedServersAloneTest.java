package io.amends.alone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.alone.ParcelSaga.Parcel;
import io.amends.runtime.SagaSnapshot;
import io.amends.runtime.Sagas;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.SagaPhase;
import io.amends.spring.boot.test.servers.EmbeddedServers;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** {@code EmbeddedServers} without any class of Kafka's. */
@SpringBootTest
@Import(EmbeddedServers.class)
class EmbeddedServersAloneTest {

    @Test
    void the_database_is_there_and_no_broker_is_asked_for(
            @Autowired ApplicationContext context, @Autowired JdbcClient jdbc, @Autowired Sagas sagas) {
        jdbc.sql("create table effect (position bigint generated always as identity, what text, about text)")
                .update();

        sagas.start(ParcelSaga.class, new Parcel("p-1"), SagaKey.of("p-1"));

        await().atMost(Shop.PATIENCE)
                .untilAsserted(() -> assertThat(sagas.find("parcel", SagaKey.of("p-1")))
                        .map(SagaSnapshot::phase)
                        .contains(SagaPhase.COMPLETED));
        assertThat(context.getBeanNamesForType(EmbeddedServers.Postgres.class)).hasSize(1);
        assertThat(context.getBeanNamesForType(EmbeddedServers.Kafka.class)).isEmpty();
    }
}
