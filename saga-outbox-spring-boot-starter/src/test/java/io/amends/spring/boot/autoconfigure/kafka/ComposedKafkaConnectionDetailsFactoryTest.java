package io.amends.spring.boot.autoconfigure.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.amends.spring.boot.autoconfigure.diagnostics.Analyses;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactories;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.docker.compose.core.ConnectionPorts;
import org.springframework.boot.docker.compose.core.DockerComposeFile;
import org.springframework.boot.docker.compose.core.ImageReference;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionSource;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.mock.env.MockEnvironment;

class ComposedKafkaConnectionDetailsFactoryTest {

    @Test
    void the_port_is_the_one_that_the_broker_tells() {
        assertThat(serversOf("apache/kafka:4.2.1", Map.of(), 9092)).containsExactly("docker:9092");
    }

    @Test
    void of_several_listeners_the_one_for_this_machine_is_taken() {
        assertThat(serversOf(
                        "confluentinc/cp-kafka:8.0.0",
                        Map.of(
                                "KAFKA_ADVERTISED_LISTENERS",
                                "INTERNAL://kafka:9092, EXTERNAL://localhost:29092,CONTROLLER://kafka:9093"),
                        9092,
                        29092))
                .containsExactly("docker:29092");
    }

    @Test
    void a_port_that_docker_chose_can_not_work_and_the_error_says_what_to_do() {
        Throwable refusal = catchThrowable(() -> serversOf("apache/kafka-native:4.2.1", Map.of(), 32768));

        assertThat(refusal).isInstanceOf(ComposedKafkaException.class);
        FailureAnalysis analysis = Analyses.of(refusal);
        assertThat(analysis.getDescription())
                .isEqualTo(
                        "Kafka in the service 'broker' of Docker Compose tells its clients PLAINTEXT://localhost:9092, but on this machine it is published at ports [32768]: publish a port of localhost that it tells, as in ports: \"9092:9092\" with KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://localhost:9092.");
        assertThat(analysis.getAction()).isNull();
    }

    @Test
    void other_images_are_left_to_others() {
        assertThat(detailsOf("postgres:18", Map.of("POSTGRES_PASSWORD", "secret"), 5432))
                .doesNotContainKey(KafkaConnectionDetails.class);
    }

    private static List<String> serversOf(String image, Map<String, @Nullable String> env, Integer... published) {
        ConnectionDetails details = detailsOf(image, env, published).get(KafkaConnectionDetails.class);
        assertThat(details).isNotNull();
        return ((KafkaConnectionDetails) details).getBootstrapServers();
    }

    /** By the factories that are registered, as Spring Boot asks them. */
    private static Map<Class<?>, ConnectionDetails> detailsOf(
            String image, Map<String, @Nullable String> env, Integer... published) {
        ConnectionPorts ports = mock(ConnectionPorts.class);
        when(ports.getAll()).thenReturn(List.of(published));
        when(ports.get(5432)).thenReturn(5432);
        RunningService service = mock(RunningService.class);
        when(service.name()).thenReturn("broker");
        when(service.host()).thenReturn("docker");
        when(service.image()).thenReturn(ImageReference.of(image));
        when(service.labels()).thenReturn(Map.of());
        when(service.env()).thenReturn(env);
        when(service.ports()).thenReturn(ports);
        when(service.composeFile()).thenReturn(mock(DockerComposeFile.class));
        DockerComposeConnectionSource source = mock(DockerComposeConnectionSource.class);
        when(source.getRunningService()).thenReturn(service);
        when(source.getEnvironment()).thenReturn(new MockEnvironment());
        return new ConnectionDetailsFactories(null)
                .getConnectionDetails(source, false).entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
