package io.amends.spring.boot.autoconfigure.kafka;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionDetailsFactory;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionSource;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;

/**
 * Connects an application to the Kafka of its Docker Compose file, which Spring Boot does for databases but not for Kafka
 * (issue 35140 of Spring Boot): a broker tells its clients where they find it, and a port that Docker chooses is not known
 * to it. So the port has to be published as the broker tells it; where it is not, the error says so.
 */
final class ComposedKafkaConnectionDetailsFactory
        extends DockerComposeConnectionDetailsFactory<KafkaConnectionDetails> {

    private static final String ADVERTISED = "KAFKA_ADVERTISED_LISTENERS";
    private static final String DEFAULT_ADVERTISED = "PLAINTEXT://localhost:9092";
    private static final Pattern LISTENER = Pattern.compile("[A-Za-z0-9_]+://(localhost|127\\.0\\.0\\.1):(\\d{1,5})");

    /** Called by Spring Boot. */
    ComposedKafkaConnectionDetailsFactory() {
        super(new String[] {"apache/kafka", "apache/kafka-native", "confluentinc/cp-kafka"});
    }

    @Override
    protected KafkaConnectionDetails getDockerComposeConnectionDetails(DockerComposeConnectionSource source) {
        RunningService service = source.getRunningService();
        return new Details(service, service.host() + ":" + port(service));
    }

    private static int port(RunningService service) {
        String advertised = service.env().get(ADVERTISED);
        String listeners = advertised == null ? DEFAULT_ADVERTISED : advertised;
        List<Integer> published = service.ports().getAll();
        return Arrays.stream(listeners.split(","))
                .map(listener -> LISTENER.matcher(listener.trim()))
                .filter(Matcher::matches)
                .map(listener -> Integer.valueOf(listener.group(2)))
                .filter(published::contains)
                .findFirst()
                .orElseThrow(() -> new ComposedKafkaException(service.name(), listeners, published));
    }

    private static final class Details extends DockerComposeConnectionDetails implements KafkaConnectionDetails {

        private final String server;

        Details(RunningService service, String server) {
            super(service);
            this.server = server;
        }

        @Override
        public List<String> getBootstrapServers() {
            return List.of(server);
        }
    }
}
