package io.amends.outbox.relay;

/** How the relay writes to Kafka. Both lose nothing and keep the order of each key; repeats differ. */
public enum ProducerMode {
    /**
     * Each record becomes visible as soon as it is written. After a failure, a kill or a takeover some records of one chunk
     * for each lane are repeated.
     */
    IDEMPOTENT,

    /**
     * Each chunk is a Kafka transaction: consumers with {@code isolation.level=read_committed} see all of it or nothing, and
     * a former owner of a lane can't write any more once its successor has begun. A chunk is repeated only if the relay
     * ends between Kafka's commit and its own note of it. The relay needs the right to write transactional ids.
     */
    TRANSACTIONAL
}
