package io.amends.dashboard.live;

import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.refresh.SharedReads;
import io.amends.dashboard.stuck.StuckInbox;
import io.amends.outbox.failure.ErrorText;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells open pages what changed. However many listen, the database is asked once in an interval, more seldom if that and what
 * pages read for it take long, and not at all while nobody listens. Safe for use by many threads.
 */
public final class LiveFeed implements AutoCloseable {

    /** How many may listen at once. */
    public static final int MOST_LISTENERS = 50;

    /** How many sagas one listener may watch. */
    public static final int MOST_SAGAS = 100;

    private static final Logger log = LoggerFactory.getLogger(LiveFeed.class);
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final Duration BEAT = Duration.ofSeconds(15);
    private static final long HANGING = TimeUnit.SECONDS.toNanos(30);
    private static final long IDLE_SECONDS = 10;
    private static final long ENDING_MILLIS = 1_000;

    private final Function<Set<UUID>, Seen> source;
    private final SharedReads shared;
    private final long intervalNanos;
    private final long beatNanos;
    private final List<Listening> listeners = new CopyOnWriteArrayList<>();
    private final ScheduledThreadPoolExecutor looks;
    private final ThreadPoolExecutor writes;
    private @Nullable Seen latest;
    private long latestAt;
    private boolean looking;
    private boolean closed;
    /** Only of the thread that looks, as are the next two. */
    private boolean troubled;

    private boolean hasLooked;
    private long lookedAt;

    /**
     * Of that database.
     *
     * @param shared what pages read when they are told of a change
     */
    public LiveFeed(StuckInbox inbox, BoundedReads reads, SharedReads shared) {
        this(new LiveSource(inbox, reads), shared, INTERVAL, BEAT);
    }

    /**
     * @param source tells what is, given the sagas that somebody watches
     * @param shared what pages read when they are told of a change
     * @param interval how often it is asked at most
     * @param beat how long a listener hears nothing at most
     */
    LiveFeed(Function<Set<UUID>, Seen> source, SharedReads shared, Duration interval, Duration beat) {
        this.source = source;
        this.shared = shared;
        this.intervalNanos = interval.toNanos();
        this.beatNanos = beat.toNanos();
        this.looks = new ScheduledThreadPoolExecutor(1, threads("saga-console-live"));
        looks.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        looks.allowCoreThreadTimeOut(true);
        looks.setRemoveOnCancelPolicy(true);
        looks.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        // One thread each at most: a listener that does not read holds up nobody else.
        this.writes = new ThreadPoolExecutor(
                0,
                MOST_LISTENERS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                threads("saga-console-events"));
    }

    private static ThreadFactory threads(String name) {
        return work -> {
            Thread made = new Thread(work, name);
            made.setDaemon(true);
            return made;
        };
    }

    /**
     * Begins telling.
     *
     * @param sagas the sagas whose revisions are told, at most {@value #MOST_SAGAS}
     * @return what ends it
     * @throws FeedFullException if too many listen, or the process ends
     * @throws IllegalArgumentException if these are too many sagas
     */
    Runnable listen(Set<UUID> sagas, Sink sink) {
        if (sagas.size() > MOST_SAGAS) {
            throw new IllegalArgumentException(
                    "One listener watches at most %d sagas, not %d.".formatted(MOST_SAGAS, sagas.size()));
        }
        long now = System.nanoTime();
        Listening made = new Listening(sagas, sink, now);
        Seen known;
        synchronized (this) {
            if (closed) {
                throw new FeedFullException(Sentence.of("This process ends. Connect again; another one answers."));
            }
            if (listeners.size() >= MOST_LISTENERS) {
                throw new FeedFullException(Sentence.of(
                        "%d pages listen already, as many as may. Ask for the counts every ten seconds instead.",
                        MOST_LISTENERS));
            }
            listeners.add(made);
            known = now - latestAt < 2 * intervalNanos ? latest : null;
            if (!looking) {
                looking = true;
                looks.execute(this::look);
            }
        }
        tell(made, known, now);
        return () -> listeners.remove(made);
    }

    /** How many listen. */
    public int listeners() {
        return listeners.size();
    }

    private void look() {
        synchronized (this) {
            if (closed || listeners.isEmpty()) {
                looking = false;
                shared.looked(Duration.ZERO);
                return;
            }
        }
        try {
            long began = System.nanoTime();
            boolean isDue = !hasLooked || began - lookedAt >= shared.pause().toNanos();
            Seen seen = isDue ? seen() : null;
            long now = System.nanoTime();
            if (isDue) {
                hasLooked = true;
                lookedAt = began;
                shared.looked(Duration.ofNanos(now - began));
            }
            synchronized (this) {
                if (seen != null) {
                    latest = seen;
                    latestAt = now;
                }
            }
            listeners.removeIf(listener -> listener.writingFor(now) > HANGING);
            listeners.forEach(listener -> tell(listener, seen, now));
        } finally {
            // Whatever was thrown: else pages would take themselves for up to date, and hear nothing any more.
            synchronized (this) {
                if (!closed) {
                    looks.schedule(this::look, intervalNanos, TimeUnit.NANOSECONDS);
                }
            }
        }
    }

    private @Nullable Seen seen() {
        try {
            Set<UUID> watched = listeners.stream()
                    .flatMap(listener -> listener.sagas().stream())
                    .collect(Collectors.toSet());
            Seen seen = source.apply(watched);
            if (troubled) {
                troubled = false;
                log.info("Open pages of the console are told of changes again");
            }
            return seen;
        } catch (RuntimeException thrown) {
            if (!troubled) {
                troubled = true;
                log.warn("Open pages of the console are not told of changes: {}", ErrorText.of(thrown));
            }
            return null;
        }
    }

    private void tell(Listening listener, @Nullable Seen seen, long now) {
        if (listener.takes(seen, now, beatNanos)) {
            try {
                writes.execute(() -> {
                    if (!listener.write()) {
                        // The server ends what it can't write to; to end it here too is an error.
                        listeners.remove(listener);
                    }
                });
            } catch (RejectedExecutionException busy) {
                listener.postponed();
            }
        }
    }

    /** Ends all that listen; nobody can begin any more. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        looks.shutdownNow();
        List<Listening> last = List.copyOf(listeners);
        listeners.clear();
        for (Listening listener : last) {
            try {
                writes.execute(listener::end);
            } catch (RejectedExecutionException busy) {
                log.debug("A listener that does not read is left alone");
            }
        }
        writes.shutdown();
        try {
            if (!writes.awaitTermination(ENDING_MILLIS, TimeUnit.MILLISECONDS)) {
                writes.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            writes.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
