package io.amends.outbox.inbox;

import io.amends.outbox.failure.ErrorText;
import io.amends.outbox.failure.Infrastructure;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes each message of its topics once. A poll is one transaction: the partitions' offsets in the database move on, the
 * messages' ids are claimed, the handler is called for those that are new. If one of them throws, all is rolled back, and
 * each message gets a transaction of its own; who throws again is set aside with its key and tried later by
 * {@link #retries}. Only while the database is away nothing moves on. Safe for use by many threads; one partition belongs
 * to one thread at a time.
 */
public final class IdempotentConsumer {

    private static final Logger log = LoggerFactory.getLogger(IdempotentConsumer.class);

    private final String name;
    private final String idHeader;
    private final MessageHandler handler;
    private final RetrySettings settings;
    private final DoubleSupplier chance;
    private final TopicIds topicIds;
    private final TransactionTemplate transaction;
    private final Inbox inbox;
    private final PartitionFence fence;
    private final ParkedStore parked;
    private final ParkedRetries retries;
    private final InboxCounts counts = new InboxCounts();
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
        this.handler = handler;
        this.settings = settings;
        this.chance = dependencies.chance();
        this.topicIds = dependencies.topicIds();
        this.transaction = new TransactionTemplate(dependencies.transactions());
        this.inbox = new Inbox(dependencies.jdbc());
        this.fence = new PartitionFence(dependencies.jdbc(), name);
        this.parked = new ParkedStore(dependencies.jdbc(), name);
        this.retries = new ParkedRetries(name, parked, inbox, transaction, this::handle, settings, chance, counts);
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** What it has done so far in this process. */
    public InboxStats stats() {
        return counts.stats();
    }

    /** Tries again what is set aside. */
    public ParkedRetries retries() {
        return retries;
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
            Position position = position(record);
            ends.put(partition(record), record.offset() + 1);
            if (record.offset() >= position.next()) {
                unseen.add(MessageIds.identify(record, position.topicId(), idHeader));
            }
        }
        counts.duplicates.add((long) poll.size() - unseen.size());
        try {
            takeAll(unseen);
        } catch (FencedPollException fenced) {
            counts.fenced.increment();
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
        Map<TopicPartition, Position> found = transaction.execute(status -> fence.positions(wanted));
        positions.putAll(found);
    }

    private void takeAll(List<ReceivedMessage> messages) {
        if (messages.isEmpty()) {
            return;
        }
        try {
            takeTogether(messages);
        } catch (FencedPollException fenced) {
            throw fenced;
        } catch (RuntimeException thrown) {
            Infrastructure.rethrowIfUnreachable(thrown);
            if (messages.size() == 1) {
                setAside(messages.get(0), thrown);
                return;
            }
            counts.pollsRolledBack.increment();
            log.warn(
                    "Consumer '{}': {} messages were rolled back and are taken one by one, because of {}",
                    name,
                    messages.size(),
                    ErrorText.kind(HandlerException.told(thrown)));
            messages.forEach(this::takeAlone);
        }
    }

    private void takeAlone(ReceivedMessage message) {
        try {
            takeTogether(List.of(message));
        } catch (FencedPollException fenced) {
            throw fenced;
        } catch (RuntimeException thrown) {
            Infrastructure.rethrowIfUnreachable(thrown);
            setAside(message, thrown);
        }
    }

    /** One transaction; what was done is counted once it has committed. */
    private void takeTogether(List<ReceivedMessage> messages) {
        Map<TopicPartition, Move> moves = moves(messages);
        long[] handled = new long[1];
        long[] duplicates = new long[1];
        transaction.executeWithoutResult(status -> {
            fence.move(List.copyOf(moves.values()));
            List<ReceivedMessage> others = new ArrayList<>();
            parked.follow(ParkedStore.followers(messages, parked.setAside(messages), others));
            Set<UUID> claimed = new HashSet<>(inbox.claim(
                    name,
                    others.stream()
                            .filter(ReceivedMessage::identified)
                            .map(ReceivedMessage::id)
                            .toList()));
            for (ReceivedMessage message : others) {
                // Removed, so that of an id that comes twice in this poll the second is a repeat.
                if (message.identified() && !claimed.remove(message.id())) {
                    duplicates[0]++;
                } else {
                    handle(message);
                    handled[0]++;
                }
            }
        });
        advance(moves);
        counts.handled.add(handled[0]);
        counts.duplicates.add(duplicates[0]);
    }

    private void setAside(ReceivedMessage message, RuntimeException thrown) {
        Throwable told = HandlerException.told(thrown);
        Long wait = told instanceof UnprocessableMessageException || settings.attempts() == 1
                ? null
                : (Long) settings.waitMillis(1, chance);
        Map<TopicPartition, Move> moves = moves(List.of(message));
        String reason = ErrorText.of(told);
        transaction.executeWithoutResult(status -> {
            fence.move(List.copyOf(moves.values()));
            parked.park(message, reason, wait);
        });
        advance(moves);
        if (wait == null) {
            counts.parked.increment();
            log.error(
                    "Consumer '{}': {} is parked with its key: {}; saga_inbox_parked has its words",
                    name,
                    message.place(),
                    ErrorText.kind(told));
        } else {
            log.warn(
                    "Consumer '{}': attempt 1 of {} at {} threw; the next one in {} ms: {}; saga_inbox_parked has its words",
                    name,
                    settings.attempts(),
                    message.place(),
                    wait,
                    ErrorText.kind(told));
        }
    }

    private void handle(ReceivedMessage message) {
        try {
            handler.handle(message);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new HandlerException(interrupted);
        } catch (Exception | LinkageError | AssertionError | StackOverflowError thrown) {
            throw new HandlerException(thrown);
        }
    }

    /** One move for each partition, behind the last of its records. */
    private Map<TopicPartition, Move> moves(List<ReceivedMessage> messages) {
        Map<TopicPartition, Move> moves = new LinkedHashMap<>();
        for (ReceivedMessage message : messages) {
            ConsumerRecord<byte[], byte[]> record = message.record();
            Position position = position(record);
            moves.put(
                    partition(record),
                    new Move(position.topicId(), record.partition(), position.next(), record.offset() + 1));
        }
        return moves;
    }

    private void advance(Map<TopicPartition, Move> moves) {
        moves.forEach((partition, move) -> positions.put(partition, new Position(move.topicId(), move.to())));
    }

    private Position position(ConsumerRecord<byte[], byte[]> record) {
        Position position = positions.get(partition(record));
        if (position == null) {
            throw new FencedPollException(
                    "Partition %s of consumer '%s' was taken away while its poll was handled; nothing more of it is done."
                            .formatted(partition(record), name));
        }
        return position;
    }

    private static TopicPartition partition(ConsumerRecord<byte[], byte[]> record) {
        return new TopicPartition(record.topic(), record.partition());
    }
}
