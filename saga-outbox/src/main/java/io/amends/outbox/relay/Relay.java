package io.amends.outbox.relay;

import io.amends.outbox.relay.Publisher.Failure;
import io.amends.outbox.relay.Publisher.Sent;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the outbox: takes the lane's lease, reads a chunk, sends it, waits for the acknowledgements with no
 * connection held, notes what was acknowledged, and again. Whatever fails, nothing is noted that Kafka did not
 * acknowledge; whatever is away, the loop waits and goes on by itself. Safe for use by many threads.
 */
public final class Relay {

    private static final Logger log = LoggerFactory.getLogger(Relay.class);
    private static final int LANE = 0;
    private static final int MAX_REASON = 1000;

    private final OutboxSource source;
    private final Publisher publisher;
    private final RelaySettings settings;
    private final LeaseKeeper keeper;
    private final Semaphore wakeUps = new Semaphore(0);
    private final Map<String, Long> absentTopics = new HashMap<>();
    private final Map<String, Long> knownTopics = new HashMap<>();
    private final LongAdder published = new LongAdder();
    private final LongAdder parked = new LongAdder();
    private final LongAdder failedChunks = new LongAdder();
    private final LongAdder fenced = new LongAdder();
    private volatile boolean stopping;
    private volatile long drainUntil;
    private @Nullable Thread thread;
    private @Nullable String trouble;

    /**
     * @param dataSource the outbox's database, for the lease
     * @param source where rows are read
     * @param producers opens producers with {@link RelayProducer}'s settings
     * @param settings sizes and times
     * @param owner a name that no other process has
     */
    public Relay(
            DataSource dataSource,
            OutboxSource source,
            Supplier<Producer<byte[], byte[]>> producers,
            RelaySettings settings,
            String owner) {
        this.source = source;
        this.publisher = new Publisher(producers);
        this.settings = settings;
        this.keeper = new LeaseKeeper(new LaneLease(dataSource), LANE, owner, settings.leaseTime());
    }

    /** Begins publishing, on a thread of its own. */
    public synchronized void start() {
        if (thread == null) {
            stopping = false;
            keeper.start();
            Thread made = new Thread(this::run, "saga-relay-" + LANE);
            thread = made;
            made.start();
        }
    }

    /** Publishes what is pending, within the limit, gives the lease back and ends. */
    public synchronized void stop(Duration limit) {
        Thread running = thread;
        if (running == null) {
            return;
        }
        drainUntil = System.nanoTime() + limit.toNanos();
        stopping = true;
        wake();
        try {
            running.join(limit.toMillis() + 1_000);
            if (running.isAlive()) {
                log.warn("The relay did not end within {}; what is pending is published by its successor", limit);
                running.interrupt();
                running.join(2_000);
            }
        } catch (InterruptedException interrupted) {
            running.interrupt();
            Thread.currentThread().interrupt();
        }
        keeper.stop();
        thread = null;
    }

    /** Ends a pause: there is something new. Cheap, and may be called from any thread. */
    public void wake() {
        if (wakeUps.availablePermits() == 0) {
            wakeUps.release();
        }
    }

    /** Whether it was started and not stopped. */
    public synchronized boolean isRunning() {
        return thread != null;
    }

    /** What it has done so far. */
    public RelayStats stats() {
        return new RelayStats(published.sum(), parked.sum(), failedChunks.sum(), fenced.sum());
    }

    private void run() {
        Duration pause = settings.pollMin();
        try {
            while (!isDone()) {
                boolean busy = turn();
                if (busy) {
                    pause = settings.pollMin();
                    continue;
                }
                if (stopping && trouble == null) {
                    break;
                }
                if (wakeUps.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    wakeUps.drainPermits();
                    pause = settings.pollMin();
                } else {
                    pause = min(pause.multipliedBy(2), settings.pollMax());
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            publisher.close();
            keeper.release();
        }
    }

    private boolean isDone() {
        return stopping && System.nanoTime() - drainUntil > 0;
    }

    /** One chunk; says whether there was something, so that the next turn follows at once. */
    private boolean turn() throws InterruptedException {
        try {
            Optional<Lease> lease = keeper.lease();
            if (lease.isEmpty()) {
                publisher.close();
                recovered();
                return false;
            }
            return publishChunk(lease.get());
        } catch (FencedException lost) {
            fenced.increment();
            publisher.close();
            keeper.lost();
            log.warn("{}; this relay stands by", lost.getMessage());
            return false;
        } catch (SQLException | KafkaException away) {
            publisher.close();
            backOff(away);
            return false;
        } catch (RuntimeException unexpected) {
            // Ending the thread would stop publication for good; it is said once, and the loop goes on.
            publisher.close();
            backOff(unexpected);
            return false;
        }
    }

    private boolean publishChunk(Lease lease) throws SQLException, InterruptedException {
        List<OutboxRow> rows = sendable(source.read(settings.chunkSize(), absentNow()));
        if (rows.isEmpty()) {
            recovered();
            return false;
        }
        Sent sent = publisher.send(rows, settings.sendTimeout(), () -> keeper.isHeld(lease));
        if (!sent.acknowledged().isEmpty()) {
            source.acknowledged(lease, sent.acknowledged());
            published.add(sent.acknowledged().size());
        }
        Failure failure = sent.failure();
        if (failure != null) {
            failedChunks.increment();
            handle(lease, failure);
        } else {
            recovered();
        }
        return true;
    }

    /** Leaves out rows whose topic does not exist (yet), so that they do not hold up the others. */
    private List<OutboxRow> sendable(List<OutboxRow> rows) {
        TreeSet<String> topics = new TreeSet<>();
        rows.forEach(row -> topics.add(row.topic()));
        long now = System.nanoTime();
        boolean allKnown = true;
        for (String topic : topics) {
            Long checked = knownTopics.get(topic);
            if (checked == null || now - checked > TimeUnit.SECONDS.toNanos(60)) {
                if (publisher.knows(topic)) {
                    knownTopics.put(topic, now);
                    absentTopics.remove(topic);
                } else {
                    allKnown = false;
                    if (absentTopics.put(topic, System.nanoTime()) == null) {
                        log.warn(
                                "Topic {} does not exist, or Kafka is away; its records wait, and it is looked for every {}",
                                topic,
                                settings.absentTopicRetry());
                    }
                }
            }
        }
        return allKnown
                ? rows
                : rows.stream()
                        .filter(row -> knownTopics.containsKey(row.topic()))
                        .toList();
    }

    private List<String> absentNow() {
        long now = System.nanoTime();
        List<String> absent = new ArrayList<>();
        absentTopics.forEach((topic, since) -> {
            if (now - since < settings.absentTopicRetry().toNanos()) {
                absent.add(topic);
            }
        });
        return absent;
    }

    private void handle(Lease lease, Failure failure) throws SQLException, InterruptedException {
        Optional<String> reasonCode = PermanentFailures.reasonCode(failure.cause());
        if (reasonCode.isEmpty()) {
            knownTopics.clear();
            backOff(failure.cause());
            return;
        }
        String reason = String.valueOf(failure.cause().getMessage()).replace("\0", "");
        OutboxRow row = failure.row();
        source.park(
                lease, row.position(), reasonCode.get(), reason.substring(0, Math.min(MAX_REASON, reason.length())));
        parked.increment();
        log.error(
                "Parked position {} of topic {}: {}. The later records of its key wait; see saga_parked",
                row.position(),
                row.topic(),
                reasonCode.get());
    }

    /** Says what is wrong once, and waits a little, so that a server that is away is not hammered. */
    private void backOff(Exception cause) throws InterruptedException {
        String what = cause.getClass().getSimpleName() + ": " + cause.getMessage();
        if (trouble == null) {
            log.warn("The relay waits and tries again: {}", what);
        }
        trouble = what;
        long longest = Math.max(2, settings.pollMax().toMillis() * 2);
        TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(longest / 2, longest));
    }

    private void recovered() {
        if (trouble != null) {
            trouble = null;
            log.info("The relay resumed");
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
