package io.amends.outbox.relay;

/** Another process has the lane now; whatever this one still holds of it must be dropped. */
public final class FencedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** For that lease. */
    public FencedException(Lease lease) {
        super("Lane %d has another owner than %s with epoch %d".formatted(lease.lane(), lease.owner(), lease.epoch()));
    }

    /** Kafka says so. */
    FencedException(String message, Throwable cause) {
        super(message, cause);
    }
}
