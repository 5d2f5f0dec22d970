package io.amends.outbox.relay;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a relay does beside publishing, on a thread of its own so that no lane waits for it: empties segments, forgets old audits, and looks
 * whether topics that could not be written can be now. Only the process that has the first lane works on the tables.
 */
final class Housekeeping {

    private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);

    /** A sixth of a segment's time. */
    private static final Duration ROTATE_EVERY = Duration.ofSeconds(10);

    private static final Duration FORGET_EVERY = Duration.ofMinutes(10);

    private final Segments segments;
    private final Audits audits;
    private final ParkingLot lot;
    private final Topics topics;
    private final Supplier<Publisher> publishers;
    private final Duration topicRetry;
    private final BooleanSupplier responsible;
    private @Nullable ScheduledExecutorService thread;

    Housekeeping(
            Segments segments,
            Audits audits,
            ParkingLot lot,
            Topics topics,
            Supplier<Publisher> publishers,
            Duration topicRetry,
            BooleanSupplier responsible) {
        this.segments = segments;
        this.audits = audits;
        this.lot = lot;
        this.topics = topics;
        this.publishers = publishers;
        this.topicRetry = topicRetry;
        this.responsible = responsible;
    }

    synchronized void start() {
        ScheduledExecutorService made =
                Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "saga-relay-housekeeping"));
        made.scheduleWithFixedDelay(
                this::rotate, ROTATE_EVERY.toMillis(), ROTATE_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        made.scheduleWithFixedDelay(
                this::forget, FORGET_EVERY.toMillis(), FORGET_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        made.scheduleWithFixedDelay(
                this::tryTopics, topicRetry.toMillis(), topicRetry.toMillis(), TimeUnit.MILLISECONDS);
        thread = made;
    }

    synchronized void stop() {
        if (thread != null) {
            thread.shutdownNow();
            thread = null;
        }
    }

    private void rotate() {
        if (!responsible.getAsBoolean()) {
            return;
        }
        try {
            segments.rotate();
        } catch (SQLException | RuntimeException trouble) {
            log.warn(
                    "Segments of saga_outbox could not be emptied; it is tried again. The relay's role needs the right to TRUNCATE them: {}",
                    trouble.getMessage());
        }
    }

    private void forget() {
        if (!responsible.getAsBoolean()) {
            return;
        }
        try {
            audits.forget(Audits.RETENTION);
        } catch (SQLException | RuntimeException trouble) {
            log.warn("Old lines of saga_outbox_audit were not deleted; it is tried again: {}", trouble.getMessage());
        }
    }

    private void tryTopics() {
        try {
            Set<String> closed = new LinkedHashSet<>(topics.closed());
            boolean all = responsible.getAsBoolean();
            List<String> parked = all ? lot.closedTopics() : List.of();
            closed.addAll(parked);
            if (closed.isEmpty()) {
                return;
            }
            List<String> open = writable(closed);
            open.forEach(topics::open);
            open.retainAll(parked);
            if (!open.isEmpty()) {
                int keys = lot.release(open);
                log.info("{} keys of topics {} that can be written now are released", keys, open);
            }
        } catch (SQLException | RuntimeException away) {
            // The lanes say what is away.
            log.debug("Topics could not be tried", away);
        }
    }

    private List<String> writable(Set<String> names) {
        Publisher publisher = publishers.get();
        try {
            publisher.open();
            List<String> writable = new ArrayList<>();
            for (String topic : names) {
                Optional<Publisher.Obstacle> obstacle = publisher.obstacle(topic);
                if (obstacle.isEmpty()) {
                    writable.add(topic);
                }
            }
            return writable;
        } finally {
            publisher.close();
        }
    }
}
