package io.amends.runtime.flow;

import io.amends.outbox.OutboxAge;
import io.amends.runtime.flow.FlowTables.Row;
import io.amends.runtime.flow.ParticipantFlow.State;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * One process's part in the flow control: it remembers what it sees of the participants, and about once a second hands
 * that to the database, where breakers are shared, and reads what counts until the next time. Between two looks nothing
 * goes to the database, so everything here is about a second late, and a limit may be exceeded by what several processes
 * begin in that second. Safe for use by many threads.
 */
public final class FlowControl implements Traffic {

    /** Lets sagas go on that wait for a participant. */
    public interface Admission {

        /** Nobody goes on here. */
        Admission NONE = new Admission() {
            @Override
            public Set<String> among(Set<String> waitedFor) {
                return Set.of();
            }

            @Override
            public int admit(String participant, int most) {
                return 0;
            }
        };

        /** Those of the participants that a saga waits for which can go on here; in the caller's transaction. */
        Set<String> among(Set<String> waitedFor);

        /** Lets at most that many go on, longest waiting first; returns how many there were. */
        int admit(String participant, int most);
    }

    /**
     * What one look found.
     *
     * @param waitedFor participants that any saga waits for
     * @param movable those that one waits for which can go on in this process
     */
    private record View(FlowSettings settings, Map<String, Row> rows, Set<String> waitedFor, Set<String> movable) {}

    /** What this process knows of a participant. */
    private static final class Channel {
        final Gauge open = new Gauge();
        final AtomicInteger failures = new AtomicInteger();
        final AtomicBoolean answered = new AtomicBoolean();
    }

    private static final Logger log = LoggerFactory.getLogger(FlowControl.class);
    private static final int CHUNK = 100;
    /** So that one participant's many do not keep the others waiting; the next look goes on. */
    private static final int MOST_AT_ONCE = 1_000;

    private final FlowTables tables;
    private final OutboxAge outbox;
    private final TransactionTemplate transaction;
    private final FlowSettings configured;
    private final Map<String, Channel> channels = new ConcurrentHashMap<>();
    private final StartGate starts;
    private final Semaphore room = new Semaphore(0);
    private volatile View view;
    private volatile @Nullable String unusable;

    /**
     * @param jdbc the orchestrator's database
     * @param transactions its transactions
     * @param configured what counts until an operator sets something else
     */
    public FlowControl(JdbcOperations jdbc, PlatformTransactionManager transactions, FlowSettings configured) {
        this.tables = new FlowTables(jdbc);
        this.outbox = new OutboxAge(jdbc);
        this.transaction = new TransactionTemplate(transactions);
        this.configured = configured;
        this.view = new View(configured, Map.of(), Set.of(), Set.of());
        this.starts = new StartGate(configured);
    }

    /** What operators may do. */
    public SagaFlow operations() {
        return new FlowOperations(tables, transaction, configured);
    }

    /** Hands over what was seen, reads what counts, and lets go on what may; done regularly by {@link FlowKeeper}. */
    public void look(Admission admission) {
        Breakers breakers = new Breakers(tables);
        View read = transaction.execute(status -> read(breakers, admission));
        view = read;
        breakers.tell();
        for (String participant : read.movable()) {
            admit(participant, quota(read, participant, breakers.isProbedHere(participant)), admission);
        }
    }

    private View read(Breakers breakers, Admission admission) {
        FlowSettings settings = settings();
        Map<String, Row> rows = new HashMap<>(tables.rows());
        Set<String> waitedFor = tables.waitedFor();
        Set<String> movable = waitedFor.isEmpty() ? Set.of() : admission.among(waitedFor);
        Map<String, Breakers.Seen> seen = seen();
        if (settings.breaker().enabled()) {
            breakers.moveOn(rows, seen, movable, settings.breaker());
        }
        if (!settings.participantLimits().isEmpty()) {
            Gauge.recount(settings.participantLimits().keySet(), name -> channel(name).open, tables::open);
        }
        if (!settings.sagaLimits().isEmpty()) {
            Gauge.recount(settings.sagaLimits().keySet(), starts::gauge, tables::inFlight);
        }
        starts.look(settings, settings.starts().looksAtOutbox() ? outbox.oldest() : Duration.ZERO);
        return new View(settings, rows, waitedFor, movable);
    }

    private FlowSettings settings() {
        try {
            FlowSettings settings = Overrides.apply(configured, tables.settings());
            unusable = null;
            return settings;
        } catch (IllegalArgumentException thrown) {
            String why = String.valueOf(thrown.getMessage());
            if (!why.equals(unusable)) {
                unusable = why;
                log.warn("What is set in saga_flow_setting does not count, because {}", why);
            }
            return configured;
        }
    }

    private Map<String, Breakers.Seen> seen() {
        Map<String, Breakers.Seen> seen = new HashMap<>();
        channels.forEach((participant, channel) -> {
            boolean answered = channel.answered.getAndSet(false);
            int failures = channel.failures.getAndSet(0);
            if (answered || failures > 0) {
                seen.put(participant, new Breakers.Seen(answered, failures));
            }
        });
        return seen;
    }

    /** How many may go on now that wait for the participant. */
    private int quota(View now, String participant, boolean probing) {
        Row row = now.rows().get(participant);
        if (row != null && row.heldBy() != null) {
            return 0;
        }
        if (state(now, participant) != State.CLOSED) {
            return probing ? now.settings().breaker().probes() : 0;
        }
        Integer limit = now.settings().participantLimits().get(participant);
        return limit == null
                ? MOST_AT_ONCE
                : (int) Math.max(0, limit - channel(participant).open.value());
    }

    private static State state(View now, String participant) {
        Row row = now.rows().get(participant);
        return row == null || !now.settings().breaker().enabled()
                ? State.CLOSED
                : row.breaker().state();
    }

    private static void admit(String participant, int quota, Admission admission) {
        int left = quota;
        while (left > 0) {
            int most = Math.min(left, CHUNK);
            if (admission.admit(participant, most) < most) {
                return;
            }
            left -= most;
        }
    }

    /**
     * Between two looks, so that a limit is a limit of how many, not of how many a second: as soon as, within that time, a
     * limited participant has room, what waits for it goes on.
     *
     * @return whether there was room
     */
    public boolean useRoom(Duration within, Admission admission) throws InterruptedException {
        if (!room.tryAcquire(Math.max(0, within.toNanos()), TimeUnit.NANOSECONDS)) {
            return false;
        }
        room.drainPermits();
        View now = view;
        for (String participant : now.movable()) {
            if (now.settings().participantLimits().containsKey(participant)) {
                admit(participant, quota(now, participant, false), admission);
            }
        }
        return true;
    }

    /** How many starts wait for their turn in this process. */
    public int waitingStarts() {
        return starts.waiting();
    }

    @Override
    public boolean isHeld(String participant) {
        View now = view;
        Row row = now.rows().get(participant);
        if ((row != null && row.heldBy() != null) || state(now, participant) != State.CLOSED) {
            return true;
        }
        Integer limit = now.settings().participantLimits().get(participant);
        // Who waits longer goes first.
        return limit != null
                && (now.waitedFor().contains(participant)
                        || channel(participant).open.value() >= limit);
    }

    @Override
    public void opened(String participant) {
        channel(participant).open.more();
    }

    @Override
    public void closed(String participant) {
        channel(participant).open.less();
        View now = view;
        if (now.settings().participantLimits().containsKey(participant)
                && now.movable().contains(participant)
                && room.availablePermits() == 0) {
            room.release();
        }
    }

    @Override
    public void answered(String participant) {
        Channel channel = channel(participant);
        if (channel.failures.get() > 0) {
            channel.failures.set(0);
        }
        if (!channel.answered.get()) {
            channel.answered.set(true);
        }
    }

    @Override
    public void failed(String participant) {
        channel(participant).failures.incrementAndGet();
    }

    @Override
    public void begun(String sagaName) {
        starts.begun(sagaName);
    }

    @Override
    public void ended(String sagaName) {
        starts.ended(sagaName);
    }

    @Override
    public void beforeStart(String sagaName) {
        starts.beforeStart(sagaName, !TransactionSynchronizationManager.isActualTransactionActive());
    }

    private Channel channel(String participant) {
        return channels.computeIfAbsent(participant, name -> new Channel());
    }
}
