package io.amends.spring.boot.autoconfigure.transport;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/** How messages get from the outbox to their handlers. */
public enum Transport {
    /** Over Kafka, to any application. */
    KAFKA,

    /** Straight to the handlers of the same application, without Kafka. */
    POSTGRESQL;

    /** The property that chooses; without it, Kafka where spring-kafka is on the classpath. */
    public static final String PROPERTY = "saga.transport";

    /** What says that Spring for Kafka, its client and Spring Boot's module for it are there. */
    private static final String[] KAFKA_CLASSES = {
        "org.springframework.kafka.listener.ConcurrentMessageListenerContainer",
        "org.apache.kafka.clients.admin.Admin",
        "org.springframework.boot.kafka.autoconfigure.KafkaProperties"
    };

    /**
     * The transport of an application.
     *
     * @param environment has the property, or not
     * @param classes where Kafka's classes are looked for, null for the usual place
     */
    public static Transport of(Environment environment, @Nullable ClassLoader classes) {
        String chosen = environment.getProperty(PROPERTY);
        if (chosen != null && !chosen.isBlank()) {
            String name = chosen.strip().toUpperCase(Locale.ROOT);
            // Any other word is refused when the properties are bound, with the words that are possible.
            return name.equals(POSTGRESQL.name()) ? POSTGRESQL : KAFKA;
        }
        return hasKafka(classes) ? KAFKA : POSTGRESQL;
    }

    /** Whether the classes are there that Kafka needs. */
    public static boolean hasKafka(@Nullable ClassLoader classes) {
        for (String name : KAFKA_CLASSES) {
            if (!ClassUtils.isPresent(name, classes)) {
                return false;
            }
        }
        return true;
    }
}
