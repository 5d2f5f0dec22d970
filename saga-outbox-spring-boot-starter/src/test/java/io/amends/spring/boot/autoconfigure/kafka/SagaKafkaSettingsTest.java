package io.amends.spring.boot.autoconfigure.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.boot.kafka.autoconfigure.SslBundleSslEngineFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;

class SagaKafkaSettingsTest {

    private final KafkaProperties properties = new KafkaProperties();

    @Test
    void servers_and_security_are_those_of_the_application() {
        properties.setBootstrapServers(List.of("k1:9092", "k2:9092"));
        properties.getProperties().put("sasl.mechanism", "SCRAM-SHA-512");
        properties.getSecurity().setProtocol("SASL_SSL");
        SagaKafkaSettings settings = new SagaKafkaSettings(properties, null);

        assertThat(List.of(settings.admin(), settings.producer(1), settings.consumer("topic")))
                .allSatisfy(client -> assertThat(client)
                        .containsEntry("bootstrap.servers", List.of("k1:9092", "k2:9092"))
                        .containsEntry("security.protocol", "SASL_SSL")
                        .containsEntry("sasl.mechanism", "SCRAM-SHA-512"));
        assertThat(settings.servers()).isEqualTo("k1:9092,k2:9092");
    }

    @Test
    void connection_details_take_the_place_of_properties() {
        SslBundle bundle = SslBundle.of(SslStoreBundle.NONE);
        SagaKafkaSettings settings = new SagaKafkaSettings(properties, new KafkaConnectionDetails() {
            @Override
            public List<String> getBootstrapServers() {
                return List.of("container:4711");
            }

            @Override
            public String getSecurityProtocol() {
                return "SSL";
            }

            @Override
            public SslBundle getSslBundle() {
                return bundle;
            }
        });

        assertThat(List.of(settings.admin(), settings.producer(1), settings.consumer("topic")))
                .allSatisfy(client -> assertThat(client)
                        .containsEntry("bootstrap.servers", List.of("container:4711"))
                        .containsEntry("security.protocol", "SSL")
                        .containsEntry("ssl.engine.factory.class", SslBundleSslEngineFactory.class)
                        .containsEntry(SslBundle.class.getName(), bundle));
        assertThat(settings.servers()).isEqualTo("container:4711");
    }

    @Test
    void the_relay_may_send_whatever_the_outbox_accepts() {
        SagaKafkaSettings settings = new SagaKafkaSettings(properties, null);

        assertThat((Integer) settings.producer(5_000_000).get("max.request.size"))
                .isGreaterThan(5_000_000);
        properties.getProducer().getProperties().put("max.request.size", "9000000");
        assertThat(settings.producer(5_000_000)).containsEntry("max.request.size", 9_000_000);
    }

    @Test
    void clients_of_one_process_get_names_of_their_own() {
        properties.setClientId("shop");
        SagaKafkaSettings settings = new SagaKafkaSettings(properties, null);

        assertThat(List.of(settings.admin(), settings.producer(1), settings.consumer("saga.x.replies")))
                .extracting((Map<String, Object> client) -> client.get("client.id"))
                .containsExactly("shop-saga-admin", "shop-saga-relay", "shop-saga.x.replies");
    }
}
