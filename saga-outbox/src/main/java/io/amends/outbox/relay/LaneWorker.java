package io.amends.outbox.relay;

import io.amends.outbox.relay.Publisher.Failure;
import io.amends.outbox.relay.Publisher.Sent;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes one lane for as long as its lease lasts: reads a batch, sends it, reads the next one meanwhile, waits for the
 * acknowledgements outside any transaction, notes what was acknowledged, and again. Whatever fails, nothing is noted that
 * Kafka did not acknowledge; whatever is away, the loop waits and goes on by itself.
 */
final class LaneWorker implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(LaneWorker.class);
    private static final Duration NOTE_WITHIN = Duration.ofMillis(100);
    private static final int FEW = 4;

    private final Lease lease;
    private final LeaseKeeper keeper;
    private final OutboxSource source;
    private final Publisher publisher;
    private final Topics topics;
    private final RelaySettings settings;
    private final RelayCounts counts;
    private final Trouble trouble;
    private final LaneReader releasedReader;
    private final Refusals refusals;
    private final News news = new News();
    private final Shortcut shortcut = new Shortcut(System::nanoTime);
    private volatile boolean releasedKeys = true;
    private volatile boolean surplus;
    private volatile boolean stopping;
    private volatile long drainUntil;
    private @Nullable LaneReader reader;
    private @Nullable Batch ahead;
    private int lastChunk;

    /** Whether what was done is written down, so that a pause may be long. */
    private boolean noted = true;

    LaneWorker(
            Lease lease,
            LeaseKeeper keeper,
            OutboxSource source,
            ParkingLot lot,
            Publisher publisher,
            Topics topics,
            RelaySettings settings,
            RelayCounts counts,
            Trouble trouble) {
        this.lease = lease;
        this.keeper = keeper;
        this.source = source;
        this.publisher = publisher;
        this.topics = topics;
        this.settings = settings;
        this.counts = counts;
        this.trouble = trouble;
        this.releasedReader = lot.released(lease);
        this.refusals = new Refusals(lease, lot, publisher, topics, counts);
    }

    /** Ends a pause: there is something new. */
    void wake() {
        news.tell();
    }

    /** Where messages of the lane go that this process has just committed. */
    Shortcut shortcut() {
        return shortcut;
    }

    /** Parked records of the lane may be published. */
    void released() {
        releasedKeys = true;
        wake();
    }

    /** Ends after the present batch and gives the lane back. */
    void giveBack() {
        surplus = true;
        wake();
    }

    /** Ends once nothing is pending, or at that monotonic time. */
    void drain(long until) {
        drainUntil = until;
        stopping = true;
        wake();
    }

    /** What a turn leaves behind. */
    private enum Found {
        /** There is more, so that the next turn follows at once. */
        MORE,
        /** It was everything: who appends more wakes the relay, and another process's rows are found after a short pause. */
        ALL,
        /** There was nothing to do, or nothing that could be done. */
        NOTHING
    }

    @Override
    public void run() {
        log.info("Relay {} publishes lane {} with epoch {}", lease.owner(), lease.lane(), lease.epoch());
        Duration pause = settings.pollMin();
        boolean told = false;
        try {
            while (mayGoOn()) {
                Found found = turn();
                if (found != Found.NOTHING) {
                    if (!told) {
                        // Somebody appends who tells nobody: it looks often while that goes on.
                        pause = settings.pollMin();
                    }
                    if (found == Found.MORE || stopping) {
                        continue;
                    }
                    TimeUnit.NANOSECONDS.sleep(settings.gathering(lastChunk).toNanos());
                } else if (stopping && !trouble.isMetBy(this)) {
                    break;
                }
                Duration wait = noted ? pause : min(pause, NOTE_WITHIN);
                told = news.comeWithin(wait);
                if (!told) {
                    pause = min(pause.multipliedBy(2), settings.pollMax());
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    private void end() {
        // Giving the lease back is a call of the database, which an interrupted thread may be refused.
        boolean interrupted = Thread.interrupted();
        shortcut.open(false);
        publisher.close();
        try (LaneReader open = reader) {
            if (open != null && keeper.isHeld(lease)) {
                // What was read ahead is not published any more, and may have told of what went by the shortcut.
                open.rewind();
                open.save(true);
            }
        } catch (SQLException | RuntimeException notNoted) {
            log.info(
                    "What lane {} published last was not noted and is published again: {}",
                    lease.lane(),
                    notNoted.getMessage());
        }
        keeper.release(lease);
        trouble.over(this);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean mayGoOn() {
        return keeper.isHeld(lease) && !surplus && !isDone();
    }

    private boolean isDone() {
        return stopping && System.nanoTime() - drainUntil > 0;
    }

    private Found turn() throws InterruptedException {
        try {
            LaneReader open = open();
            if (releasedKeys) {
                releasedKeys = false;
                Batch parked = read(releasedReader);
                if (!parked.isEmpty()) {
                    releasedKeys = true;
                    return publish(releasedReader, parked) ? Found.MORE : Found.NOTHING;
                }
            }
            Batch batch = ahead != null ? ahead : read(open);
            ahead = null;
            lastChunk = batch.rows().size();
            if (batch.isEmpty()) {
                // The end of a large delta, or rows that were published out of turn; nothing else may come for long.
                open.settle(batch, Set.of(), Set.of());
            }
            boolean done = batch.isEmpty() || publish(open, batch);
            boolean goesOn = done && ahead != null && !ahead.isEmpty();
            // What follows at once is sent first, and Kafka at work while this is written.
            noted = !goesOn && open.save(publisher.isAtomic());
            if (!done) {
                return Found.NOTHING;
            }
            if (batch.isEmpty()) {
                trouble.over(this);
                return batch.more() ? Found.MORE : Found.NOTHING;
            }
            return batch.more() || ahead != null ? Found.MORE : Found.ALL;
        } catch (FencedException lost) {
            log.debug("Fenced", lost);
            giveUp();
            keeper.lost(lease);
        } catch (SQLException | RuntimeException | Error away) {
            // Ending the thread would stop publication; it is said once, and the loop goes on.
            giveUp();
            if (away instanceof SQLException) {
                dropReader();
            }
            backOff(away);
        }
        return Found.NOTHING;
    }

    /** Opening the publisher takes Kafka from whoever had the lane; whether that was right only the database knows. */
    private LaneReader open() throws SQLException {
        boolean opened = publisher.isOpen();
        if (!opened) {
            publisher.open();
        }
        LaneReader open = reader;
        if (open == null) {
            open = source.open(lease, publisher.isAtomic() ? null : shortcut);
            reader = open;
        } else if (!opened) {
            keeper.confirm(lease);
        }
        return open;
    }

    private void giveUp() {
        publisher.close();
        dropAhead();
    }

    /**
     * A server that crashed hands out again the transaction numbers that it had not written to disk, and only the cursor that
     * it kept fits them. What was published since that was written is repeated.
     */
    private void dropReader() {
        LaneReader before = reader;
        reader = null;
        if (before != null) {
            try {
                before.close();
            } catch (SQLException gone) {
                log.debug("The connection of before can't be given back", gone);
            }
        }
    }

    private void dropAhead() {
        ahead = null;
        if (reader != null) {
            reader.rewind();
        }
    }

    /** Sends a batch and notes what became of it; false if it is to be tried again after a pause. */
    private boolean publish(LaneReader from, Batch batch) throws SQLException, InterruptedException {
        Set<Long> parked = new HashSet<>();
        List<OutboxRow> rows = refusals.sendable(batch, parked);
        if (rows.isEmpty()) {
            settle(from, batch, Set.of(), parked);
            return true;
        }
        long began = System.nanoTime();
        publisher.send(rows, news::signal);
        boolean mayReadAhead = rows.size() == batch.rows().size() && from.readsAhead();
        boolean more = mayReadAhead && (batch.more() || isMoreMeanwhile(rows.size()));
        SQLException meanwhile = meanwhile(from, more);
        Sent sent = publisher.await(settings.sendTimeout(), () -> keeper.isHeld(lease) && !isDone());
        counts.observer.sent(rows.size(), Duration.ofNanos(System.nanoTime() - began));
        Set<Long> acknowledged = new HashSet<>(sent.acknowledged());
        Failure failure = sent.failure();
        Optional<String> reasonCode = failure == null ? Optional.empty() : publisher.reasonCode(failure.cause());
        if (failure != null && reasonCode.isPresent()) {
            refusals.met(failure, reasonCode.get(), rows, acknowledged, parked);
        }
        settle(from, batch, acknowledged, parked);
        counts.published.add(acknowledged.size());
        if (failure != null) {
            // What was read ahead may be of a key that is parked now.
            dropAhead();
            counts.failedChunks.increment();
            if (reasonCode.isEmpty()) {
                topics.forget();
                backOff(failure.cause());
                return false;
            }
        } else {
            trouble.over(this);
        }
        if (meanwhile != null) {
            from.save(false);
            throw meanwhile;
        }
        return true;
    }

    /**
     * What comes while Kafka has not answered for a few rows is sent the sooner for having been read by then. Under load,
     * when they are many, it is better to read more at once.
     */
    private boolean isMoreMeanwhile(int rows) throws InterruptedException {
        return rows <= FEW && news.comeWhile(publisher::isUnderWay, NOTE_WITHIN);
    }

    private Batch read(LaneReader from) throws SQLException {
        long began = System.nanoTime();
        Batch batch = from.read(settings.chunkSize());
        counts.observer.read(batch.size(), Duration.ofNanos(System.nanoTime() - began));
        return batch;
    }

    /** What is done while Kafka has the batch: the cursor of those before it is written, and the next one read. */
    private @Nullable SQLException meanwhile(LaneReader from, boolean readAhead) {
        String failed = "The cursor could not be written";
        try {
            if (!publisher.isAtomic()) {
                from.save(false);
            }
            failed = "The next rows could not be read";
            if (readAhead) {
                ahead = read(from);
            }
            return null;
        } catch (SQLException | RuntimeException thrown) {
            // Told when it is known what became of the batch that is under way.
            return new SQLException(failed, thrown);
        }
    }

    private void settle(LaneReader from, Batch batch, Set<Long> acknowledged, Set<Long> parked) throws SQLException {
        long began = System.nanoTime();
        from.settle(batch, acknowledged, parked);
        if (publisher.isAtomic()) {
            from.save(true);
        }
        counts.observer.settled(Duration.ofNanos(System.nanoTime() - began));
        if (acknowledged.size() + parked.size() < batch.size()) {
            dropAhead();
        }
    }

    /** Waits a little, so that a server that is away is not hammered. */
    private void backOff(Throwable cause) throws InterruptedException {
        trouble.met(this, cause, publisher.foresees(cause));
        if (isDone()) {
            return;
        }
        long longest = Math.max(2, settings.pollMax().toMillis() * 2);
        TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(longest / 2, longest));
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
