package io.amends.dashboard.live;

import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.database.ReadTooSlowException;
import io.amends.outbox.failure.ErrorText;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Keeps a point for every ten seconds of the last day in memory, about a megabyte. A point costs the database one small read: the rows of the
 * watch over stuck sagas, and the first message of each lane of the outbox. Safe for use by many threads.
 */
public final class Charts {

    /** How far apart points are. */
    public static final Duration EVERY = Duration.ofSeconds(10);

    /** How far back they go. */
    public static final Duration LONGEST = Duration.ofDays(1);

    private static final int MOST = (int) LONGEST.dividedBy(EVERY);

    private static final double MILLIS = 1000;
    private static final Logger log = LoggerFactory.getLogger(Charts.class);

    /** What the watch knows, so that the stuck sagas are not looked for once more. */
    private static final String FIGURES = """
            select (select count(*) from saga_console_stuck) as stuck,
                   (extract(epoch from clock_timestamp() - (select min(since) from saga_console_stuck)) * 1000)::bigint as oldest_stuck,
                   (extract(epoch from clock_timestamp() - (select min(w.oldest) from saga_outbox_waiting(1) w)) * 1000)::bigint as oldest_unsent""";

    private final BoundedReads reads;
    private final SagaCounter counter;
    private final InstantSource clock;
    private final int most;
    private final Deque<ChartPoint> points = new ArrayDeque<>();

    /**
     * @param reads the orchestrator's database
     * @param counter what this process does
     * @param clock the present time
     */
    public Charts(BoundedReads reads, SagaCounter counter, InstantSource clock) {
        this(reads, counter, clock, MOST);
    }

    /** @param most how many points are kept */
    Charts(BoundedReads reads, SagaCounter counter, InstantSource clock, int most) {
        this.reads = reads;
        this.counter = counter;
        this.clock = clock;
        this.most = most;
    }

    /** What the database tells. */
    private record Figures(
            @Nullable Long stuck,
            @Nullable Long oldestStuck,
            @Nullable Long oldestUnsent) {}

    /** Adds a point; forgets the oldest if there are too many. */
    public void sample() {
        Figures figures = figures();
        SagaCounter.Counted counted = counter.take();
        Instant now = clock.instant();
        double seconds = seconds(now);
        ChartPoint point = new ChartPoint(
                now,
                counted.started() / seconds,
                counted.completed() / seconds,
                counted.compensated() / seconds,
                figures.stuck(),
                counted.took().p50(),
                counted.took().p99(),
                figures.oldestUnsent(),
                figures.oldestStuck());
        synchronized (points) {
            points.addLast(point);
            if (points.size() > most) {
                points.removeFirst();
            }
        }
    }

    /** Since the point before, at least one. */
    private double seconds(Instant now) {
        synchronized (points) {
            ChartPoint last = points.peekLast();
            Duration since = last == null ? EVERY : Duration.between(last.at(), now);
            return Math.max(1, since.toMillis() / MILLIS);
        }
    }

    private Figures figures() {
        try {
            return reads.read(jdbc -> jdbc.query(
                            FIGURES,
                            (row, number) -> new Figures(
                                    row.getLong("stuck"),
                                    Math.max(0, row.getLong("oldest_stuck")),
                                    Math.max(0, row.getLong("oldest_unsent"))))
                    .get(0));
        } catch (DataAccessException | TransactionException | ReadTooSlowException away) {
            log.debug("The charts' figures are not known: {}", ErrorText.of(away));
            return new Figures(null, null, null);
        }
    }

    /** The points of that time, the oldest first. */
    public List<ChartPoint> last(Duration time) {
        Instant since = clock.instant().minus(time);
        synchronized (points) {
            return points.stream().filter(point -> point.at().isAfter(since)).toList();
        }
    }
}
