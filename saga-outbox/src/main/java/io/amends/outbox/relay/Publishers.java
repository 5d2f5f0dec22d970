package io.amends.outbox.relay;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;

/** Makes the publisher of each lane. Safe for use by many threads. */
public final class Publishers {

    private final ProducerMode mode;
    private final Map<String, Object> given;
    private final String transactionalIdPrefix;
    private final Function<Map<String, Object>, Producer<byte[], byte[]>> producers;

    private Publishers(
            ProducerMode mode,
            Map<String, Object> given,
            String transactionalIdPrefix,
            Function<Map<String, Object>, Producer<byte[], byte[]>> producers) {
        this.mode = mode;
        this.given = new HashMap<>(given);
        this.transactionalIdPrefix = transactionalIdPrefix;
        this.producers = producers;
    }

    /**
     * With real producers.
     *
     * @param given servers, security, compression
     * @param outbox a name that all processes of this outbox share and no other outbox of the Kafka cluster has, such as
     *     the database's system identifier with its name; two that share it fence each other for ever. Used by {@link ProducerMode#TRANSACTIONAL} only
     */
    public static Publishers of(ProducerMode mode, Map<String, Object> given, String outbox) {
        return of(mode, given, outbox, KafkaProducer::new);
    }

    /**
     * With producers that somebody else opens.
     *
     * @param producers given the settings, which must not be changed in what order and fences rest on
     */
    public static Publishers of(
            ProducerMode mode,
            Map<String, Object> given,
            String outbox,
            Function<Map<String, Object>, Producer<byte[], byte[]>> producers) {
        return new Publishers(mode, given, "amends-outbox-" + outbox, producers);
    }

    Publisher forLane(int lane) {
        String transactionalId = transactionalIdPrefix + "-lane-" + lane;
        return switch (mode) {
            case IDEMPOTENT -> new IdempotentPublisher(opening(RelayProducer.settings(given)));
            case TRANSACTIONAL ->
                new TransactionalPublisher(
                        opening(RelayProducer.transactional(given, transactionalId)), transactionalId);
        };
    }

    /** Only to ask for {@link Publisher#obstacle}; it never fences a lane's. */
    Publisher observer() {
        return new IdempotentPublisher(opening(RelayProducer.settings(given)));
    }

    private Supplier<Producer<byte[], byte[]>> opening(Map<String, Object> settings) {
        return () -> producers.apply(settings);
    }
}
