package io.amends.dashboard.kafka;

import io.amends.dashboard.kafka.CommandPlace.State;
import io.amends.outbox.failure.ErrorText;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds commands in Kafka when somebody looks, and reads what messages hold: at their place, or from shortly before the command
 * was sent until it comes or a limit is reached, in no group. Two at a time and thirty in a minute, however many look; nobody waits for others. Safe for use
 * by many threads.
 */
public final class CommandPlaces implements RecordSource, AutoCloseable {

    static final int AT_ONCE = 2;
    static final int MOST_RECORDS = 50_000;
    static final Duration LIMIT = Duration.ofSeconds(3);

    /** What each search costs of the time that passes, and how many may come at once after a rest. */
    static final Duration PRICE = Duration.ofSeconds(2);

    static final int SAVED = 10;

    private static final Logger log = LoggerFactory.getLogger(CommandPlaces.class);
    private static final int FETCH_BYTES = 4 * 1024 * 1024;
    private static final int AT_A_TIME = 1_000;

    private final Map<String, Object> consumer;
    private final Map<String, Object> administration;
    private final int mostRecords;
    private final Duration limit;
    private final LongSupplier clock;
    private final Semaphore free = new Semaphore(AT_ONCE);
    private final AtomicInteger searches = new AtomicInteger();

    private long owed;
    private long owedAt;
    private @Nullable Admin admin;
    private boolean closed;

    /**
     * In that Kafka.
     *
     * @param consumer where and how to reach it, as a consumer has it
     * @param administration the same, as a client for administration has it
     */
    public CommandPlaces(Map<String, Object> consumer, Map<String, Object> administration) {
        this(consumer, administration, MOST_RECORDS, LIMIT, System::nanoTime);
    }

    /** @param clock monotonic nanoseconds */
    CommandPlaces(
            Map<String, Object> consumer,
            Map<String, Object> administration,
            int mostRecords,
            Duration limit,
            LongSupplier clock) {
        this.consumer = reading(consumer, mostRecords, limit);
        this.administration = Map.copyOf(administration);
        this.mostRecords = mostRecords;
        this.limit = limit;
        this.clock = clock;
        this.owedAt = clock.getAsLong();
    }

    private static Map<String, Object> reading(Map<String, Object> given, int mostRecords, Duration limit) {
        Map<String, Object> settings = new HashMap<>(given);
        // It belongs to no group, so that it takes nothing from anybody and leaves nothing behind.
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // These are made for what the application's own consumers read.
        settings.remove(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG);
        settings.remove(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG);
        settings.remove(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        // As participants read.
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        settings.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 200);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Math.min(mostRecords, AT_A_TIME));
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) limit.toMillis());
        settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) limit.toMillis());
        settings.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        return Map.copyOf(settings);
    }

    /** Looks for it. Never throws because of Kafka: that it does not answer is told. */
    public CommandPlace find(SentCommand sought) {
        String topic = sought.topic();
        return look(
                topic,
                search -> search.find(sought),
                () -> CommandPlace.unasked(State.BUSY, topic),
                why -> CommandPlace.untold(topic, why));
    }

    /** Likewise. */
    @Override
    public SagaRecord read(RecordPlace place, UUID messageId) {
        return look(
                place.topic(),
                search -> search.read(place, messageId),
                () -> SagaRecord.unread(SagaRecord.State.BUSY, place.toString(), null),
                why -> SagaRecord.unread(SagaRecord.State.UNTOLD, place.toString(), why));
    }

    /** Likewise. */
    @Override
    public SagaRecord read(SentCommand sought) {
        return look(
                sought.topic(),
                search -> search.read(sought),
                () -> SagaRecord.unread(SagaRecord.State.BUSY, null, null),
                why -> SagaRecord.unread(SagaRecord.State.UNTOLD, null, why));
    }

    private <T> T look(String topic, Function<PlaceSearch, T> work, Supplier<T> busy, Function<String, T> untold) {
        if (!free.tryAcquire()) {
            return busy.get();
        }
        try {
            return mayBegin()
                    ? work.apply(new PlaceSearch(settings(), this::connected, mostRecords, limit))
                    : busy.get();
        } catch (KafkaException refused) {
            log.debug("Kafka did not tell of a message in {}: {}", topic, ErrorText.of(refused));
            return untold.apply(PlaceSearch.why(topic, refused, limit));
        } finally {
            free.release();
        }
    }

    private synchronized boolean mayBegin() {
        long now = clock.getAsLong();
        long left = Math.max(0, owed - (now - owedAt));
        if (left + PRICE.toNanos() > SAVED * PRICE.toNanos()) {
            return false;
        }
        owed = left + PRICE.toNanos();
        owedAt = now;
        return true;
    }

    /** Two clients of one name in one process get in each other's way in JMX. */
    private Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>(consumer);
        settings.computeIfPresent(
                ConsumerConfig.CLIENT_ID_CONFIG, (name, clientId) -> clientId + "-" + searches.incrementAndGet());
        return settings;
    }

    /** Kept, since each new client tells the log all its settings. */
    private synchronized Admin connected() {
        if (closed) {
            throw new KafkaException("This process is stopping.");
        }
        Admin known = admin;
        if (known == null) {
            known = Admin.create(administration);
            admin = known;
        }
        return known;
    }

    /** Ends the connection; a search that is under way ends by itself. */
    @Override
    public synchronized void close() {
        closed = true;
        Admin known = admin;
        admin = null;
        if (known != null) {
            known.close(Duration.ZERO);
        }
    }
}
