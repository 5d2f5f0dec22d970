package io.amends.sample;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What docker-compose.yml's Prometheus reads. */
class PrometheusTest {

    @Test
    void each_role_tells_its_meters_where_the_endpoint_is_exposed() {
        Installation installation = Installation.shared();

        assertThat(Api.text(installation.transfer.uri(), "/actuator/prometheus"))
                .contains("saga_outbox_oldest_seconds", "saga_stuck_oldest_seconds");
        assertThat(Api.text(installation.bankA.uri(), "/actuator/prometheus")).contains("saga_outbox_oldest_seconds");
    }
}
