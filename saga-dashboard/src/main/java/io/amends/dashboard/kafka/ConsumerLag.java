package io.amends.dashboard.kafka;

import io.amends.outbox.failure.ErrorText;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells how far the consumers of participants and orchestrators are behind. Asks Kafka when somebody looks, with a short limit
 * and at most once in some seconds, however many look. Connects when it is asked first. Safe for use by many threads.
 */
public final class ConsumerLag implements AutoCloseable {

    /** How long an answer is told again, also that there was none. */
    static final Duration FRESH = Duration.ofSeconds(5);

    static final int MOST_TOPICS = 200;

    private static final Logger log = LoggerFactory.getLogger(ConsumerLag.class);
    static final Duration LIMIT = Duration.ofSeconds(2);
    private static final int MOST_PARTITIONS = 10_000;

    /** Over a longer time an average tells nothing of now. */
    private static final Duration LONGEST_RATE = Duration.ofMinutes(1);

    private static final double NANOS_PER_SECOND = 1e9;

    private final Map<String, Object> settings;
    private final List<String> topics;
    private final int omitted;
    private final int mostPartitions;
    private final Duration limit;
    private final LongSupplier clock;

    /** Whether somebody asks; only they touch {@code admin}. */
    private final AtomicBoolean asking = new AtomicBoolean();

    private @Nullable Admin admin;
    private volatile boolean closed;
    private volatile @Nullable Told told;

    private record Told(Lag answer, Map<String, Long> ends, long at) {}

    /**
     * Of those topics; each has one group, which is named like it.
     *
     * @param settings where and how to reach Kafka, as its own client for administration has it
     * @param topics their names, of which the first two hundred are asked for
     */
    public ConsumerLag(Map<String, Object> settings, Collection<String> topics) {
        this(settings, topics, MOST_PARTITIONS, LIMIT, System::nanoTime);
    }

    /** @param clock monotonic nanoseconds */
    ConsumerLag(
            Map<String, Object> settings,
            Collection<String> topics,
            int mostPartitions,
            Duration limit,
            LongSupplier clock) {
        List<String> all = topics.stream().sorted().distinct().toList();
        this.settings = Map.copyOf(settings);
        this.topics = all.stream().limit(MOST_TOPICS).toList();
        this.omitted = all.size() - this.topics.size();
        this.mostPartitions = mostPartitions;
        this.limit = limit;
        this.clock = clock;
    }

    /** What Kafka says, or said a moment ago. Never throws because of Kafka: that it does not answer is told. */
    public Lag look() {
        Told known = told;
        if (known != null && clock.getAsLong() - known.at() < FRESH.toNanos()) {
            return known.answer();
        }
        // One asks, and nobody waits for that: brokers that are away take their time.
        if (!asking.compareAndSet(false, true)) {
            return known != null ? known.answer() : Lag.untold("Kafka is being asked. Ask again in a moment.");
        }
        try {
            Told now = ask(told);
            told = now;
            return now.answer();
        } finally {
            asking.set(false);
            closeIfIdle();
        }
    }

    private Told ask(@Nullable Told before) {
        long at = clock.getAsLong();
        if (before != null && at - before.at() < FRESH.toNanos()) {
            return before;
        }
        try {
            LagQuestion.Told found = topics.isEmpty()
                    ? new LagQuestion.Told(List.of(), Map.of(), 0)
                    : new LagQuestion(connected(), limit).ask(topics, mostPartitions);
            List<TopicLag> rows = found.topics().stream()
                    .map(row -> row.with(rate(row.topic(), found.ends(), at, before)))
                    .toList();
            return new Told(new Lag(rows, omitted + found.omitted(), null), found.ends(), at);
        } catch (ExecutionException refused) {
            return untold(refused.getCause() == null ? refused : refused.getCause());
        } catch (TimeoutException | KafkaException refused) {
            return untold(refused);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return untold(interrupted);
        }
    }

    /** Kept, since each new client tells the log all its settings. */
    private Admin connected() {
        if (closed) {
            throw new KafkaException("This process is stopping.");
        }
        Admin known = admin;
        if (known == null) {
            known = Admin.create(settings);
            admin = known;
        }
        return known;
    }

    private Told untold(Throwable cause) {
        log.debug("Kafka did not tell how far consumers are behind: {}", ErrorText.of(cause));
        return new Told(Lag.untold(LagQuestion.why(cause, limit)), Map.of(), clock.getAsLong());
    }

    private static @Nullable Double rate(String topic, Map<String, Long> ends, long at, @Nullable Told before) {
        Long end = ends.get(topic);
        Long earlier = before == null ? null : before.ends().get(topic);
        if (before == null || end == null || earlier == null || end < earlier) {
            return null;
        }
        long nanos = at - before.at();
        return nanos <= 0 || nanos > LONGEST_RATE.toNanos() ? null : (end - earlier) * NANOS_PER_SECOND / nanos;
    }

    /** Ends the connection, now or when the question that is under way has ended. */
    @Override
    public void close() {
        closed = true;
        closeIfIdle();
    }

    private void closeIfIdle() {
        if (closed && asking.compareAndSet(false, true)) {
            try {
                Admin known = admin;
                admin = null;
                if (known != null) {
                    known.close(Duration.ZERO);
                }
            } finally {
                asking.set(false);
            }
        }
    }
}
