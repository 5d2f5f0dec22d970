package io.amends.spring.boot.autoconfigure.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.spring.boot.autoconfigure.console.Shop.Answer;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Stuck sagas by the actuator. */
class SagasEndpointTest {

    @Test
    void it_tells_what_is_stuck_masked_and_without_a_console() {
        try (Shop shop =
                Shop.open("--saga.console.enabled=false", "--management.endpoints.web.exposure.include=sagas")) {
            UUID id = shop.stuck("letter");
            shop.jdbc.update("update saga_instance set reason = 'note=' || ? where saga_id = ?", Shop.SECRET, id);

            Answer all = shop.outside("/actuator/sagas").send();
            Answer one = shop.outside("/actuator/sagas/" + id).send();

            assertThat(all.status()).as(all.text()).isEqualTo(200);
            assertThat(all.json().path("byReason").path("RETRIES_EXHAUSTED").asLong())
                    .isEqualTo(1);
            assertThat(all.json().path("sagas").path(0).path("sagaId").asString())
                    .isEqualTo(id.toString());
            assertThat(one.json().path("explanation").asString()).contains("charge");
            assertThat(one.json().path("saga").path("phase").asString()).isEqualTo("STUCK");
            assertThat(all.text() + one.text()).doesNotContain(Shop.SECRET, Shop.CARD, Shop.STREET);
            assertThat(shop.outside("/actuator/sagas/" + UUID.randomUUID())
                            .send()
                            .status())
                    .isEqualTo(404);
            assertThat(shop.get("/").send().status()).isEqualTo(404);
        }
    }
}
