package io.amends.spring.boot.autoconfigure.kafka;

import java.util.Collection;
import java.util.List;

/** Topics that this service needs do not exist, and it may not make them. */
public final class MissingTopicsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> topics;

    /** For those topics. */
    public MissingTopicsException(Collection<String> topics) {
        super("Kafka has no %s, and saga.topics.create is false.".formatted(String.join(", ", topics)));
        this.topics = List.copyOf(topics);
    }

    /** Their names. */
    public List<String> topics() {
        return topics;
    }
}
