package io.amends.spring.boot.autoconfigure.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.spring.boot.autoconfigure.kafka.KafkaUnreachableException;
import io.amends.spring.boot.autoconfigure.kafka.MissingTopicsException;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.io.IOException;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class UnreachableServersTest {

    @Test
    void without_postgresql_the_start_ends_with_one_line_that_says_where_and_what_to_set(CapturedOutput output)
            throws IOException {
        int port = closedPort();

        assertThatThrownBy(() -> Servers.run("jdbc:postgresql://localhost:%d/shop?password=secret".formatted(port)))
                .isNotNull();

        assertThat(output)
                .contains(
                        "PostgreSQL is not reachable at localhost:%d/shop (Connection refused): start it, or set spring.datasource.url to where it is."
                                .formatted(port));
    }

    @Test
    void without_postgresql_the_same_is_said_where_the_application_has_no_migrations(CapturedOutput output)
            throws IOException {
        int port = closedPort();

        assertThatThrownBy(() -> Servers.run(
                        "jdbc:postgresql://localhost:%d/shop".formatted(port), "--spring.flyway.enabled=false"))
                .isNotNull();

        assertThat(output)
                .contains("PostgreSQL is not reachable at localhost:%d/shop (Connection refused):".formatted(port));
    }

    @Test
    void without_kafka_the_start_ends_in_time_with_one_line_that_says_where_and_what_to_set(CapturedOutput output)
            throws IOException {
        int port = closedPort();

        assertThatThrownBy(() -> Servers.run(
                        EmbeddedPostgresServer.shared().freshDatabase(),
                        "--saga.startup-timeout=2s",
                        "--spring.kafka.bootstrap-servers=localhost:" + port))
                .hasStackTraceContaining(KafkaUnreachableException.class.getName());

        assertThat(output)
                .contains(
                        "Kafka is not reachable at localhost:%d (no answer within 2s): start it, or set spring.kafka.bootstrap-servers to where it is."
                                .formatted(port));
    }

    @Test
    void where_kafkas_place_was_left_empty_the_start_ends_with_one_line_that_says_so(CapturedOutput output) {
        assertThatThrownBy(() -> Servers.run(
                        EmbeddedPostgresServer.shared().freshDatabase(), "--spring.kafka.bootstrap-servers="))
                .hasStackTraceContaining(KafkaUnreachableException.class.getName());

        assertThat(output).contains("spring.kafka.bootstrap-servers is empty: set it to where Kafka is,");
    }

    @Test
    void missing_topics_are_refused_with_a_list_where_they_may_not_be_made(CapturedOutput output) {
        assertThatThrownBy(() -> Servers.run(
                        EmbeddedPostgresServer.shared().freshDatabase(),
                        "--saga.topics.create=false",
                        "--shop.bank=bank-without-topic"))
                .hasRootCauseInstanceOf(MissingTopicsException.class);

        assertThat(output).contains("- saga.bank-without-topic.commands");
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
