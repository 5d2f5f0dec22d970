package io.amends.outbox.inbox;

import io.amends.outbox.inbox.MessageTaker.Place;
import io.amends.outbox.inbox.ParkedStore.Follower;
import io.amends.outbox.inbox.PartitionFence.Move;
import io.amends.outbox.inbox.PartitionFence.Position;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Takes each message of its topics once. A poll is one transaction: the partitions' offsets in the database move on, the
 * messages' ids are claimed, the handler is called for those that are new. If one of them throws, all is rolled back, and
 * each message gets a transaction of its own; who throws again is set aside with its key and tried later by
 * {@link #retries}. Only while the database is away nothing moves on. Safe for use by many threads; one partition belongs
 * to one thread at a time.
 */
public final class IdempotentConsumer implements InboxWork {

    private final String name;
    private final String idHeader;
    private final TopicIds topicIds;
    private final PartitionFence fence;
    private final MessageTaker taker;
    private final Place place = new Partitions();
    private final Map<TopicPartition, Position> positions = new ConcurrentHashMap<>();

    /**
     * What consumers of one service share.
     *
     * @param jdbc on the database of the handlers' effects
     * @param transactions the transaction manager of that database, which the handlers use, too
     * @param topicIds asks Kafka
     * @param chance from 0 to 1, spreads attempts
     */
    public record Dependencies(
            JdbcOperations jdbc, PlatformTransactionManager transactions, TopicIds topicIds, DoubleSupplier chance) {}

    /**
     * @param name the name under which it remembers what it has taken
     * @param idHeader the header that holds a message's id
     * @param handler what is done with a message
     */
    public IdempotentConsumer(
            String name, String idHeader, MessageHandler handler, RetrySettings settings, Dependencies dependencies) {
        this.name = name;
        this.idHeader = idHeader;
        this.topicIds = dependencies.topicIds();
        this.fence = new PartitionFence(dependencies.jdbc(), name);
        this.taker = new MessageTaker(
                name, handler, settings, dependencies.jdbc(), dependencies.transactions(), dependencies.chance());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public InboxStats stats() {
        return taker.counts().stats();
    }

    @Override
    public ParkedRetries retries() {
        return taker.retries();
    }

    /** To be called when partitions come or go: where they stand is asked again. */
    public void forget(Collection<TopicPartition> partitions) {
        partitions.forEach(positions::remove);
    }

    /**
     * Takes a poll. Afterwards its offsets may be committed to Kafka.
     *
     * @param poll records, those of a partition in order
     * @return partitions of which more has been handled than this poll, with the offset to go on from
     * @throws FencedPollException if another process has moved on; the same poll is to be delivered again
     * @throws RuntimeException if the database or Kafka is away; likewise
     */
    public Map<TopicPartition, Long> process(List<ConsumerRecord<byte[], byte[]>> poll) {
        locate(poll);
        List<ReceivedMessage> unseen = new ArrayList<>();
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : poll) {
            Position position = position(partition(record));
            ends.put(partition(record), record.offset() + 1);
            if (record.offset() >= position.next()) {
                unseen.add(MessageIds.identify(new KafkaRecord(record), position.topicId(), idHeader));
            }
        }
        taker.counts().duplicates.add((long) poll.size() - unseen.size());
        try {
            taker.takeAll(unseen, place);
        } catch (FencedPollException fenced) {
            taker.counts().fenced.increment();
            forget(ends.keySet());
            throw fenced;
        }
        ends.replaceAll((partition, end) -> {
            Position position = positions.get(partition);
            return position == null || position.next() <= end ? -1 : position.next();
        });
        ends.values().removeIf(ahead -> ahead < 0);
        return ends;
    }

    /** Asks where partitions stand that are new here or begin before what is handled: the topic may have been made anew. */
    private void locate(List<ConsumerRecord<byte[], byte[]>> poll) {
        Set<TopicPartition> unknown = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> record : poll) {
            Position position = positions.get(partition(record));
            if (position == null || record.offset() < position.next()) {
                unknown.add(partition(record));
            }
        }
        if (unknown.isEmpty()) {
            return;
        }
        Map<String, UUID> ids =
                topicIds.of(unknown.stream().map(TopicPartition::topic).collect(Collectors.toUnmodifiableSet()));
        Map<TopicPartition, UUID> wanted = new HashMap<>();
        unknown.forEach(partition -> wanted.put(partition, ids.get(partition.topic())));
        Map<TopicPartition, Position> found = taker.transaction().execute(status -> fence.positions(wanted));
        positions.putAll(found);
    }

    private final class Partitions implements Place {

        @Override
        public Runnable move(List<ReceivedMessage> messages) {
            Map<TopicPartition, Move> moves = moves(messages);
            fence.move(List.copyOf(moves.values()));
            return () -> moves.forEach(
                    (partition, move) -> positions.put(partition, new Position(move.topicId(), move.to())));
        }

        /** The offsets in the database have told what comes again. */
        @Override
        public List<Follower> fresh(ParkedStore parked, List<Follower> followers) {
            return followers;
        }

        /** Then the move was refused. */
        @Override
        public boolean isSettled(ParkedStore parked, Inbox inbox, ReceivedMessage message) {
            return false;
        }
    }

    /** One move for each partition, behind the last of its records. */
    private Map<TopicPartition, Move> moves(List<ReceivedMessage> messages) {
        Map<TopicPartition, Move> moves = new LinkedHashMap<>();
        for (ReceivedMessage message : messages) {
            InboxRecord record = message.record();
            TopicPartition partition = new TopicPartition(record.topic(), record.partition());
            Position position = position(partition);
            moves.put(
                    partition, new Move(position.topicId(), record.partition(), position.next(), record.offset() + 1));
        }
        return moves;
    }

    private Position position(TopicPartition partition) {
        Position position = positions.get(partition);
        if (position == null) {
            throw new FencedPollException(
                    "Partition %s of consumer '%s' was taken away while its poll was handled; nothing more of it is done."
                            .formatted(partition, name));
        }
        return position;
    }

    private static TopicPartition partition(ConsumerRecord<byte[], byte[]> record) {
        return new TopicPartition(record.topic(), record.partition());
    }
}
