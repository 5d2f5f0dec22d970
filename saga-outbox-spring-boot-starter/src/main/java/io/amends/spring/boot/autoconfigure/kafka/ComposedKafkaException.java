package io.amends.spring.boot.autoconfigure.kafka;

import java.util.List;

/** The Kafka of a Docker Compose file tells its clients an address at which it is not published. */
public final class ComposedKafkaException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ComposedKafkaException(String service, String advertised, List<Integer> published) {
        super(
                "Kafka in the service '%s' of Docker Compose tells its clients %s, but on this machine it is published at %s: publish a port of localhost that it tells, as in ports: \"9092:9092\" with KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://localhost:9092."
                        .formatted(service, advertised, published.isEmpty() ? "no port" : "ports " + published));
    }
}
