package io.amends.spring.boot.autoconfigure.kafka;

import org.jspecify.annotations.Nullable;

/** Kafka did not answer when the application started. */
public final class KafkaUnreachableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String servers;
    private final String reason;

    /**
     * When no broker answered.
     *
     * @param servers the bootstrap servers, as {@code host:port}, separated by commas
     * @param reason what went wrong, in a few words
     * @param cause what the client threw, null if it threw nothing
     */
    public KafkaUnreachableException(String servers, String reason, @Nullable Throwable cause) {
        super("Kafka at %s is not reachable: %s".formatted(servers, reason), cause);
        this.servers = servers;
        this.reason = reason;
    }

    /** The bootstrap servers that were asked. */
    public String servers() {
        return servers;
    }

    /** What went wrong, in a few words. */
    public String reason() {
        return reason;
    }
}
