package io.amends.spring.boot.autoconfigure;

import io.amends.outbox.OutboxLimits;
import io.amends.outbox.relay.ProducerMode;
import io.amends.outbox.relay.ReadMode;
import io.amends.outbox.relay.RelaySettings;
import io.amends.outbox.schema.SchemaMode;
import io.amends.spring.boot.autoconfigure.transport.Transport;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the outbox, the relay and what they share with everything else of Amends. Immutable; values that can't work
 * are refused all at once, see {@link InvalidSagaPropertiesException}.
 *
 * @param enabled Whether sagas, outbox and relay are set up at all.
 * @param transport How messages get from the outbox to their handlers: "kafka", or "postgresql" for those of the same
 *     application without Kafka. By default Kafka where spring-kafka is on the classpath.
 * @param schema The library's tables.
 * @param outbox Messages that wait in the database.
 * @param relay Publication of the outbox to Kafka.
 * @param topics Topics that this service reads or writes.
 * @param startupTimeout How long the start waits for Kafka to answer before it is given up.
 * @param shutdownTimeout How long the relay may go on publishing what is left in the outbox once everything else has
 *     stopped. What then remains is published after the next start.
 */
@ConfigurationProperties(OutboxProperties.PREFIX)
public record OutboxProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable Transport transport,
        @DefaultValue Schema schema,
        @DefaultValue Outbox outbox,
        @DefaultValue Relay relay,
        @DefaultValue Topics topics,
        @DefaultValue("30s") Duration startupTimeout,
        @DefaultValue("20s") Duration shutdownTimeout) {

    /** What every property's name begins with. */
    public static final String PREFIX = "saga";

    private static final Duration ONE_MILLISECOND = Duration.ofMillis(1);
    private static final DataSize MAX_MESSAGE_SIZE = DataSize.ofMegabytes(512);
    private static final DataSize MAX_TRANSACTION_SIZE = DataSize.ofMegabytes(900);

    /**
     * Checks the values together.
     *
     * @throws InvalidSagaPropertiesException if any can't work; it lists all of them
     */
    public OutboxProperties {
        PropertyProblems problems = new PropertyProblems();
        if (transport == Transport.KAFKA && !Transport.hasKafka(OutboxProperties.class.getClassLoader())) {
            problems.add(
                    "saga.transport is kafka, but spring-kafka, kafka-clients or spring-boot-kafka is not on the classpath: add spring-boot-starter-kafka.");
        }
        problems.within(
                "saga.outbox.max-message-size", outbox.maxMessageSize(), DataSize.ofKilobytes(1), MAX_MESSAGE_SIZE);
        problems.within("saga.outbox.max-headers", outbox.maxHeaders(), 0, 1000);
        problems.within("saga.outbox.max-header-size", outbox.maxHeaderSize(), DataSize.ofBytes(0), MAX_MESSAGE_SIZE);
        problems.within("saga.outbox.max-transaction-messages", outbox.maxTransactionMessages(), 1, Integer.MAX_VALUE);
        problems.within(
                "saga.outbox.max-transaction-size",
                outbox.maxTransactionSize(),
                outbox.maxMessageSize(),
                MAX_TRANSACTION_SIZE);
        problems.within("saga.relay.chunk-size", relay.chunkSize(), 1, Relay.MAX_CHUNK_SIZE);
        problems.atLeast("saga.relay.poll-min", relay.pollMin(), ONE_MILLISECOND);
        problems.ordered("saga.relay.poll-min", relay.pollMin(), "saga.relay.poll-max", relay.pollMax());
        problems.atLeast("saga.relay.lease-time", relay.leaseTime(), Relay.MIN_LEASE_TIME);
        problems.atLeast("saga.relay.send-timeout", relay.sendTimeout(), ONE_MILLISECOND);
        if (relay.lanes() != null) {
            problems.within("saga.relay.lanes", relay.lanes(), 1, Relay.MAX_LANES);
        }
        problems.within("saga.topics.partitions", topics.partitions(), 1, 10_000);
        if (topics.replicationFactor() < 1 && topics.replicationFactor() != Topics.BROKER_DEFAULT) {
            problems.add(
                    "saga.topics.replication-factor is %d, but must be at least 1, or -1 for the broker's default.",
                    topics.replicationFactor());
        }
        problems.atLeast("saga.startup-timeout", startupTimeout, ONE_MILLISECOND);
        problems.notNegative("saga.shutdown-timeout", shutdownTimeout);
        problems.throwIfAny();
    }

    /**
     * The library's tables.
     *
     * @param mode What happens to the library's tables at the start: "migrate" makes and updates them, "validate"
     *     refuses to start unless they are up to date, "none" does not look at them.
     * @param name The schema of the tables, which is made if it is missing. Connections have to look there, by
     *     "spring.datasource.hikari.schema" or "currentSchema" in the URL. By default the first one where they look.
     */
    public record Schema(
            @DefaultValue("migrate") SchemaMode mode,
            @Nullable String name) {}

    /**
     * Messages that wait in the database.
     *
     * @param maxMessageSize Largest message, payload and headers together, that may be appended. Must not exceed what
     *     the topics accept ("max.message.bytes").
     * @param maxHeaders Most headers of a message.
     * @param maxHeaderSize Largest headers of a message, names and values together.
     * @param maxTransactionMessages Most messages that one transaction may append; they are in memory until it commits.
     * @param maxTransactionSize Largest messages of one transaction, all together; they are in memory until it commits.
     */
    public record Outbox(
            @DefaultValue("900KB") DataSize maxMessageSize,
            @DefaultValue("100") int maxHeaders,
            @DefaultValue("64KB") DataSize maxHeaderSize,
            @DefaultValue("100000") int maxTransactionMessages,
            @DefaultValue("256MB") DataSize maxTransactionSize) {

        /** The same as the outbox takes it. */
        public OutboxLimits limits() {
            return new OutboxLimits(
                    Math.toIntExact(maxMessageSize.toBytes()),
                    maxHeaders,
                    Math.toIntExact(maxHeaderSize.toBytes()),
                    maxTransactionMessages,
                    maxTransactionSize.toBytes());
        }
    }

    /**
     * Publication of the outbox to Kafka, or to the handlers of the same application.
     *
     * @param enabled Whether this process publishes. Without it messages stay in the outbox until another process of the
     *     service publishes them.
     * @param chunkSize Most messages that are read, sent and acknowledged together.
     * @param pollMin Shortest pause between two looks at an outbox that is busy.
     * @param pollMax Longest pause between two looks at an outbox that is idle.
     * @param leaseTime How long a relay may be silent before another process takes over.
     * @param sendTimeout How long Kafka may take to acknowledge a chunk before it is sent again.
     * @param lanes Into how many parts the outbox is divided, which the relays of all processes share out among themselves.
     *     The same for all processes of a database. By default as many as it is divided into already; a new one into 1 with
     *     Kafka and into 4 without.
     * @param wakeOthers Whether relays of other processes are told of new messages, by NOTIFY outside of any business
     *     transaction. Without it, or behind a pooler that lends connections for a transaction, they find them by looking.
     * @param readMode How messages are found: what has become visible (snapshot-delta), or what is there, with published
     *     messages deleted (pending-set).
     * @param producerMode How messages are written: each is visible at once (idempotent), or each chunk is a Kafka
     *     transaction (transactional), which is slower and repeats less.
     */
    public record Relay(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("1000") int chunkSize,
            @DefaultValue("5ms") Duration pollMin,
            @DefaultValue("250ms") Duration pollMax,
            @DefaultValue("10s") Duration leaseTime,
            @DefaultValue("30s") Duration sendTimeout,
            @Nullable Integer lanes,
            @DefaultValue("true") boolean wakeOthers,
            @DefaultValue("snapshot-delta") ReadMode readMode,
            @DefaultValue("idempotent") ProducerMode producerMode) {

        /**
         * The same as the relay takes it.
         *
         * @param lanesOfNew into how many lanes an outbox is divided that was never used, where nothing is set
         */
        public RelaySettings settings(int lanesOfNew) {
            return new RelaySettings(
                    chunkSize,
                    pollMin,
                    pollMax,
                    leaseTime,
                    sendTimeout,
                    RelaySettings.DEFAULT.absentTopicRetry(),
                    lanes == null ? lanesOfNew : lanes,
                    lanes == null);
        }

        static final int MAX_LANES = 256;

        static final int MAX_CHUNK_SIZE = 10_000;
        static final Duration MIN_LEASE_TIME = Duration.ofMillis(500);
    }

    /**
     * Topics that this service reads or writes.
     *
     * @param create Whether missing topics are made at the start. Otherwise the start is refused with a list of them.
     * @param partitions Partitions of a topic that is made.
     * @param replicationFactor Copies that Kafka keeps of a topic that is made; -1 is the broker's default. Use 3 in
     *     production, with "min.insync.replicas" 2.
     */
    public record Topics(
            @DefaultValue("true") boolean create,
            @DefaultValue("6") int partitions,
            @DefaultValue("-1") short replicationFactor) {

        /** The replication factor that leaves the choice to the broker. */
        static final short BROKER_DEFAULT = -1;
    }
}
