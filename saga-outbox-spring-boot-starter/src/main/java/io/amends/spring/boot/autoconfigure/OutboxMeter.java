package io.amends.spring.boot.autoconfigure;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The meters of outbox, relay and inbox. */
public enum OutboxMeter implements DocumentedMeter {
    /** Gauge. */
    OLDEST(
            "saga.outbox.oldest",
            Kind.GAUGE,
            Units.SECONDS,
            "seconds that the oldest message has been waiting to be published; 0 if none does. Parked ones do not count"),
    /** Gauge. */
    PARKED_KEYS("saga.outbox.parked.keys", Kind.GAUGE, Units.NONE, "keys with parked records"),
    /** Gauge of this process. */
    LANES("saga.relay.lanes", Kind.GAUGE, Units.NONE, "lanes that this process works on"),
    /** Counter. */
    PUBLISHED(
            "saga.relay.published", Kind.COUNTER, Units.NONE, "records that Kafka has acknowledged, repeats included"),
    /** Counter. */
    PARKED(
            "saga.relay.parked",
            Kind.COUNTER,
            Units.NONE,
            "records that were parked: refused ones, and those that wait behind them"),
    /** Counter. */
    FAILED_CHUNKS(
            "saga.relay.chunks.failed", Kind.COUNTER, Units.NONE, "chunks of which a record was not acknowledged"),
    /** Counter. */
    FENCED(
            "saga.relay.fenced",
            Kind.COUNTER,
            Units.NONE,
            "how often another owner was found on a lane of this process"),
    /** Distribution. */
    CHUNK("saga.relay.chunk", Kind.SUMMARY, Units.NONE, "records of a chunk, a distribution"),
    /** Timer. */
    STAGE(
            "saga.relay.stage",
            Kind.TIMER,
            Units.SECONDS,
            "how long a chunk's stage took, by tag `stage`: `read` (from the database), `send` (until Kafka has acknowledged), `settle` (noted in the database)",
            "stage"),
    /** Counter. */
    HANDLED(
            "saga.inbox.handled",
            Kind.COUNTER,
            Units.NONE,
            "messages whose effect has committed; by tag `consumer`, as all of the following",
            "consumer"),
    /** Counter. */
    DUPLICATES(
            "saga.inbox.duplicates",
            Kind.COUNTER,
            Units.NONE,
            "messages that were left out because they had been taken before",
            "consumer"),
    /** Counter. */
    INBOX_PARKED(
            "saga.inbox.parked", Kind.COUNTER, Units.NONE, "messages that were set aside for an operator", "consumer"),
    /** Counter. */
    RETRIED("saga.inbox.retried", Kind.COUNTER, Units.NONE, "attempts after the first that failed", "consumer"),
    /** Counter. */
    INBOX_FENCED(
            "saga.inbox.fenced",
            Kind.COUNTER,
            Units.NONE,
            "polls that were refused because another consumer had moved the partition on",
            "consumer");

    private final String meterName;
    private final Kind kind;
    private final @Nullable String unit;
    /** With commas between them. */
    private final String tags;

    private final String sentence;

    OutboxMeter(String meterName, Kind kind, @Nullable String unit, String sentence, String... tags) {
        this.meterName = meterName;
        this.kind = kind;
        this.unit = unit;
        this.sentence = sentence;
        this.tags = String.join(",", tags);
    }

    @Override
    public String meterName() {
        return meterName;
    }

    @Override
    public Kind kind() {
        return kind;
    }

    @Override
    public @Nullable String unit() {
        return unit;
    }

    @Override
    public List<String> tags() {
        return tags.isEmpty() ? List.of() : List.of(tags.split(",", -1));
    }

    @Override
    public String sentence() {
        return sentence;
    }
}
