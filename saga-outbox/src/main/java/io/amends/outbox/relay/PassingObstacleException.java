package io.amends.outbox.relay;

/** The topic can't be written now, and no person need do anything about it. */
final class PassingObstacleException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PassingObstacleException(String topic, String reason) {
        super("Topic %s can't be written now: %s".formatted(topic, reason));
    }
}
