package io.amends.spring.boot.autoconfigure.transport;

import java.util.Collection;
import java.util.List;

/** Messages would be sent to what is not in this application, and there is no Kafka that could carry them elsewhere. */
public final class MissingReceiversException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> topics;

    /** For those topics. */
    public MissingReceiversException(Collection<String> topics) {
        super("Nothing in this application takes the messages of %s, and saga.transport is postgresql."
                .formatted(String.join(", ", topics)));
        this.topics = List.copyOf(topics);
    }

    /** Their names. */
    public List<String> topics() {
        return topics;
    }
}
