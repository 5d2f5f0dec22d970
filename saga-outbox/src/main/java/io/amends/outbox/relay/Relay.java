package io.amends.outbox.relay;

import io.amends.outbox.relay.Publisher.Failure;
import io.amends.outbox.relay.Publisher.Sent;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
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
    private final Topics topics;
    private final LongAdder published = new LongAdder();
    private final LongAdder parked = new LongAdder();
    private final LongAdder failedChunks = new LongAdder();
    private final LongAdder fenced = new LongAdder();
    private volatile boolean stopping;
    private volatile long drainUntil;
    private @Nullable Thread thread;
    private @Nullable String trouble;

    /** How many rows the last chunk had; used by the relay's thread. */
    private int lastChunk;

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
        this.publisher = new IdempotentPublisher(producers);
        this.settings = settings;
        this.topics = new Topics(settings.absentTopicRetry(), System::nanoTime);
        this.keeper = new LeaseKeeper(new LaneLease(dataSource), LANE, owner, settings.leaseTime());
    }

    /**
     * Begins publishing, on a thread of its own.
     *
     * @throws IllegalStateException if the thread of before {@link #stop} still hangs in a call
     */
    public synchronized void start() {
        if (thread != null && stopping) {
            if (thread.isAlive()) {
                throw new IllegalStateException(
                        "The relay was stopped, but its thread still hangs in a call of the database. Set a socketTimeout on the connections, and start it later.");
            }
            thread = null;
        }
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
        if (running == null || stopping) {
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
        if (!running.isAlive()) {
            thread = null;
        }
    }

    /** Ends a pause: there is something new. Cheap, and may be called from any thread. */
    public void wake() {
        if (wakeUps.availablePermits() == 0) {
            wakeUps.release();
        }
    }

    /** Whether it was started and not stopped. */
    public synchronized boolean isRunning() {
        return thread != null && !stopping;
    }

    /** What it has done so far. */
    public RelayStats stats() {
        return new RelayStats(published.sum(), parked.sum(), failedChunks.sum(), fenced.sum());
    }

    private void run() {
        Duration pause = settings.pollMin();
        try {
            while (!isDone()) {
                Found found = turn();
                if (found != Found.NOTHING) {
                    pause = settings.pollMin();
                    if (found == Found.MORE || stopping) {
                        continue;
                    }
                    TimeUnit.NANOSECONDS.sleep(settings.gathering(lastChunk).toNanos());
                } else if (stopping && trouble == null) {
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
            // Giving the lease back is a call of the database, which an interrupted thread may be refused.
            boolean interrupted = Thread.interrupted();
            publisher.close();
            keeper.release();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean isDone() {
        return stopping && System.nanoTime() - drainUntil > 0;
    }

    /** What a turn leaves behind. */
    private enum Found {
        /** The chunk was full or not all of it is done, so that the next turn follows at once. */
        MORE,
        /** It was everything: who appends more wakes the relay, and another process's rows are found after a short pause. */
        ALL,
        /** There was nothing to do, or nothing that could be done. */
        NOTHING
    }

    /** One chunk. */
    private Found turn() throws InterruptedException {
        try {
            Optional<Lease> lease = keeper.lease();
            if (lease.isEmpty()) {
                publisher.close();
                recovered();
                return Found.NOTHING;
            }
            return publishChunk(lease.get());
        } catch (FencedException lost) {
            fenced.increment();
            publisher.close();
            keeper.lost();
            log.warn("{}; this relay stands by", lost.getMessage());
            return Found.NOTHING;
        } catch (SQLException | KafkaException away) {
            publisher.close();
            backOff(away);
            return Found.NOTHING;
        } catch (RuntimeException | Error unexpected) {
            // Ending the thread would stop publication for good; it is said once, and the loop goes on.
            publisher.close();
            if (trouble == null) {
                log.error("The relay met what it does not expect", unexpected);
            }
            backOff(unexpected);
            return Found.NOTHING;
        }
    }

    private Found publishChunk(Lease lease) throws SQLException, InterruptedException {
        publisher.open();
        List<OutboxRow> read = source.read(settings.chunkSize(), topics.leftAlone());
        List<OutboxRow> rows;
        try {
            rows = topics.sendable(read, topic -> publisher.obstacle(topic).map(Publisher.Obstacle::reason));
        } catch (TimeoutException away) {
            // The producer stays: it may only need longer to connect than it waits at once.
            backOff(away);
            return Found.NOTHING;
        }
        if (rows.isEmpty()) {
            recovered();
            return read.isEmpty() ? Found.NOTHING : Found.MORE;
        }
        publisher.send(rows);
        Sent sent = publisher.await(settings.sendTimeout(), () -> keeper.isHeld(lease) && !isDone());
        if (!sent.acknowledged().isEmpty()) {
            source.acknowledged(lease, sent.acknowledged());
            published.add(sent.acknowledged().size());
        }
        Failure failure = sent.failure();
        if (failure != null) {
            failedChunks.increment();
            handle(lease, failure);
        } else {
            if (sent.acknowledged().size() == rows.size()) {
                topics.published(rows);
            }
            recovered();
        }
        lastChunk = read.size();
        boolean all = failure == null && read.size() < settings.chunkSize();
        return all ? Found.ALL : Found.MORE;
    }

    private void handle(Lease lease, Failure failure) throws SQLException, InterruptedException {
        if (failure.cause() instanceof TopicAuthorizationException forbidden) {
            topics.withhold(failure.row().topic(), String.valueOf(forbidden.getMessage()));
            return;
        }
        Optional<String> reasonCode = PermanentFailures.reasonCode(failure.cause());
        if (reasonCode.isEmpty() || reasonCode.get().equals("UNKNOWN_TOPIC")) {
            topics.forget();
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
    private void backOff(Throwable cause) throws InterruptedException {
        String what = cause.getClass().getSimpleName() + ": " + cause.getMessage();
        if (trouble == null) {
            log.warn("The relay waits and tries again: {}", what);
        }
        trouble = what;
        if (isDone()) {
            return;
        }
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
