package io.amends.outbox;

import org.jspecify.annotations.Nullable;

/**
 * A message as its transaction has committed it, with what that transaction saw when it wrote it. From this a relay of the
 * same process can tell that nothing came before that it does not know of, and publish it without reading it.
 *
 * @param position its place in the outbox
 * @param bucket that of its key
 * @param topic the Kafka topic
 * @param key the Kafka key
 * @param payload a copy of the payload as it was written
 * @param headers the encoded headers
 * @param transaction the number of its transaction, which wrote no other message
 * @param seen the snapshot of the statement that wrote it, as PostgreSQL writes snapshots; null if the transaction's
 *     isolation is not READ COMMITTED, so that it may not have seen who had the key's lock before, or if the transaction
 *     had written other rows by another way
 */
public record CommittedMessage(
        long position,
        short bucket,
        String topic,
        String key,
        byte[] payload,
        byte[] headers,
        long transaction,
        @Nullable String seen) {}
