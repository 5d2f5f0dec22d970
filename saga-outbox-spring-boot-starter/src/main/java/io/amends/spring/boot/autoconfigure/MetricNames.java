package io.amends.spring.boot.autoconfigure;

/** The names of all metrics. docs/outbox.md says what each means. */
public final class MetricNames {

    /** Seconds that the oldest message has been waiting to be published. */
    public static final String OLDEST = "saga.outbox.oldest";

    /** Keys with parked records. */
    public static final String PARKED_KEYS = "saga.outbox.parked.keys";

    /** Lanes that this process's relay works on. */
    public static final String LANES = "saga.relay.lanes";

    /** Records that Kafka has acknowledged, repeats included. */
    public static final String PUBLISHED = "saga.relay.published";

    /** Records that were parked. */
    public static final String PARKED = "saga.relay.parked";

    /** Chunks of which a record was not acknowledged. */
    public static final String FAILED_CHUNKS = "saga.relay.chunks.failed";

    /** How often another owner was found on a lane. */
    public static final String FENCED = "saga.relay.fenced";

    /** Records of a chunk. */
    public static final String CHUNK = "saga.relay.chunk";

    /** How long a stage of a chunk took; tag {@code stage} is {@code read}, {@code send} or {@code settle}. */
    public static final String STAGE = "saga.relay.stage";

    /** Messages whose effect has committed; this and the following have the tag {@code consumer}. */
    public static final String HANDLED = "saga.inbox.handled";

    /** Messages that were left out because they had been taken before. */
    public static final String DUPLICATES = "saga.inbox.duplicates";

    /** Messages that were set aside for an operator. */
    public static final String INBOX_PARKED = "saga.inbox.parked";

    /** Attempts after the first that failed. */
    public static final String RETRIED = "saga.inbox.retried";

    /** Polls that were refused because another consumer had moved the partition on. */
    public static final String INBOX_FENCED = "saga.inbox.fenced";

    private MetricNames() {}
}
