package io.amends.outbox.relay;

import io.amends.outbox.AppendListener;
import io.amends.outbox.CommittedMessage;
import java.sql.SQLException;
import java.time.Duration;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the outbox: shares its lanes with the other relays of the database, and works on each that it has with a thread
 * and a producer of its own. Safe for use by many threads.
 */
public final class Relay implements AppendListener {

    private static final Logger log = LoggerFactory.getLogger(Relay.class);

    /** What a call that has begun may still take: the client's own limit, and a little. */
    private static final long TIDYING_UP_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Each attempt releases all that is parked of the topic, and parks it again if it was in vain. */
    private static final int AWAY_PAUSES = 6;

    private final OutboxSource source;
    private final boolean drains;
    private final IntFunction<Publisher> publishers;
    private final RelaySettings settings;
    private final RelayConnections connections;
    private final LeaseKeeper keeper;
    private final ParkingLot lot;
    private final Topics topics = new Topics(System::nanoTime);
    private final Trouble trouble = new Trouble(log);
    private final Housekeeping housekeeping;
    private final RelayCounts counts = new RelayCounts();
    private final Map<Integer, Running> workers = new ConcurrentHashMap<>();
    private boolean running;
    private volatile boolean guarded;
    private volatile int lanes;
    private volatile boolean stopping;
    private volatile long drainUntil;

    /** A worker and its thread. */
    private record Running(LaneWorker worker, Thread thread) {}

    /**
     * @param dataSource the outbox's database, for leases and parked records
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
        this(
                dataSource,
                source,
                lane -> new IdempotentPublisher(producers),
                () -> new IdempotentPublisher(producers),
                settings,
                owner);
    }

    /**
     * @param dataSource the outbox's database, for leases and parked records
     * @param source where rows are read
     * @param publishers how the lanes write to Kafka
     * @param settings sizes and times
     * @param owner a name that no other process has
     */
    public Relay(
            DataSource dataSource, OutboxSource source, Publishers publishers, RelaySettings settings, String owner) {
        this(dataSource, source, publishers::forLane, publishers::observer, settings, owner);
    }

    /**
     * Without Kafka: hands the messages to the receivers of this process. A stop waits for the messages that are being
     * handled, and leaves the others to the next start or to another process.
     *
     * @param dataSource the outbox's database, for leases and parked records
     * @param source where rows are read
     * @param receivers who takes what; all of them are added before the start
     * @param settings sizes and times
     * @param owner a name that no other process has
     */
    public Relay(
            DataSource dataSource,
            OutboxSource source,
            LocalReceivers receivers,
            RelaySettings settings,
            String owner) {
        this(
                dataSource,
                source,
                receivers,
                new AwayTopics(settings.absentTopicRetry().multipliedBy(AWAY_PAUSES), System::nanoTime),
                settings,
                owner);
    }

    private Relay(
            DataSource dataSource,
            OutboxSource source,
            LocalReceivers receivers,
            AwayTopics away,
            RelaySettings settings,
            String owner) {
        this(
                dataSource,
                source,
                lane -> new LocalPublisher(receivers, away),
                () -> new LocalPublisher(receivers, away),
                settings,
                owner,
                false);
    }

    Relay(
            DataSource dataSource,
            OutboxSource source,
            IntFunction<Publisher> publishers,
            Supplier<Publisher> observers,
            RelaySettings settings,
            String owner) {
        this(dataSource, source, publishers, observers, settings, owner, true);
    }

    private Relay(
            DataSource dataSource,
            OutboxSource source,
            IntFunction<Publisher> publishers,
            Supplier<Publisher> observers,
            RelaySettings settings,
            String owner,
            boolean drains) {
        this.drains = drains;
        this.source = source;
        this.publishers = publishers;
        this.settings = settings;
        this.lanes = settings.lanes();
        this.connections = new RelayConnections(dataSource);
        this.keeper = new LeaseKeeper(
                new RelayConnections(dataSource, settings.leaseTime().dividedBy(2)),
                owner,
                settings.leaseTime(),
                new Lanes());
        this.lot = new ParkingLot(connections);
        this.housekeeping = new Housekeeping(
                new Segments(connections),
                new Audits(connections),
                lot,
                topics,
                observers,
                settings.absentTopicRetry(),
                () -> keeper.isHeld(0));
    }

    /**
     * Begins publishing, on threads of its own. A database that is away is waited for.
     *
     * @throws RelayRefusedException if the database is one that no relay may work on
     * @throws IllegalStateException if a thread of before {@link #stop} still hangs in a call
     */
    public synchronized void start() {
        if (running) {
            return;
        }
        workers.values().removeIf(worker -> !worker.thread().isAlive());
        if (!workers.isEmpty()) {
            throw new IllegalStateException(
                    "The relay was stopped, but a thread of it still hangs in a call of the database. Set a socketTimeout on the connections, and start it later.");
        }
        boolean reachable = false;
        try {
            lanes = RelayGuard.check(connections, settings);
            guarded = true;
            reachable = true;
        } catch (SQLException away) {
            trouble.met(this, away, false);
        }
        stopping = false;
        running = true;
        keeper.start(reachable);
        housekeeping.start();
    }

    /** Publishes what is pending, within the limit, gives the leases back and ends; without Kafka only what is being handled. */
    public synchronized void stop(Duration limit) {
        if (!running) {
            return;
        }
        running = false;
        long until = System.nanoTime() + limit.toNanos();
        // What is handled here brings forth new messages, so that it would go on to the end of the limit.
        drainUntil = drains ? until : System.nanoTime();
        stopping = true;
        keeper.leave();
        housekeeping.stop();
        workers.values().forEach(worker -> worker.worker().drain(drainUntil));
        try {
            join(until + TIDYING_UP_NANOS);
            if (isAnyAlive()) {
                log.warn("The relay did not end within {}; what is pending is published by its successor", limit);
                workers.values().forEach(worker -> worker.thread().interrupt());
                join(System.nanoTime() + TimeUnit.SECONDS.toNanos(2));
            }
        } catch (InterruptedException interrupted) {
            workers.values().forEach(worker -> worker.thread().interrupt());
            Thread.currentThread().interrupt();
        }
        keeper.stop();
    }

    private void join(long until) throws InterruptedException {
        for (Running worker : workers.values()) {
            long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            worker.thread().join(Math.max(1, left));
        }
    }

    private boolean isAnyAlive() {
        return workers.values().stream().anyMatch(worker -> worker.thread().isAlive());
    }

    /**
     * Ends the pauses of the lanes that have those buckets: there is something new. Cheap, and may be called from any thread.
     *
     * @return whether this relay has all of them
     */
    public boolean wake(BitSet buckets) {
        boolean all = true;
        for (int bucket = buckets.nextSetBit(0); bucket >= 0; bucket = buckets.nextSetBit(bucket + 1)) {
            Running running = workers.get(bucket % lanes);
            if (running != null && running.thread().isAlive()) {
                running.worker().wake();
            } else {
                all = false;
            }
        }
        return all;
    }

    @Override
    public void committed(BitSet buckets) {
        wake(buckets);
    }

    @Override
    public boolean wants(short bucket) {
        Running running = workers.get(bucket % lanes);
        return running != null && running.worker().shortcut().isWanted();
    }

    @Override
    public void committed(CommittedMessage message) {
        hand(message);
    }

    /**
     * Ends the pause of the message's lane, which may publish it without reading it. Cheap, and may be called from any thread.
     *
     * @return whether this relay has the lane
     */
    boolean hand(CommittedMessage message) {
        int lane = message.bucket() % lanes;
        if (message.seen() != null) {
            workers.forEach((number, other) -> {
                if (number != lane) {
                    other.worker().shortcut().offerNothing(message.transaction());
                }
            });
        }
        Running running = workers.get(lane);
        if (running == null || !running.thread().isAlive()) {
            return false;
        }
        running.worker().shortcut().offer(message);
        running.worker().wake();
        return true;
    }

    /** Ends the pauses of all lanes. */
    public void wake() {
        workers.values().forEach(worker -> worker.worker().wake());
    }

    /** Parked keys were released: looks at once, without waiting for a heartbeat to notice. */
    public void released() {
        workers.values().forEach(worker -> worker.worker().released());
    }

    /** Whether it was started and not stopped. */
    public synchronized boolean isRunning() {
        return running;
    }

    /** What it has done so far. */
    public RelayStats stats() {
        return counts.stats();
    }

    /** How many lanes it works on now. */
    public int lanes() {
        return (int) workers.values().stream()
                .filter(worker -> worker.thread().isAlive())
                .count();
    }

    /** From now on that one is told how long things take. */
    public void observe(RelayObserver observer) {
        counts.observer = observer;
    }

    /** What the leases mean for the workers. */
    private final class Lanes implements LeaseKeeper.Owner {

        @Override
        public boolean mayAcquire() throws SQLException {
            if (!guarded) {
                try {
                    lanes = RelayGuard.check(connections, settings);
                    guarded = true;
                } catch (RelayRefusedException refused) {
                    log.error("The relay takes no lane: {}", refused.getMessage());
                }
            }
            return guarded && !stopping;
        }

        @Override
        public boolean isFree(int lane) {
            Running before = workers.get(lane);
            return before == null || !before.thread().isAlive();
        }

        @Override
        public void acquired(Lease lease) {
            LaneWorker worker = new LaneWorker(
                    lease, keeper, source, lot, publishers.apply(lease.lane()), topics, settings, counts, trouble);
            Thread thread = new Thread(worker, "saga-relay-" + lease.lane());
            workers.put(lease.lane(), new Running(worker, thread));
            thread.start();
            if (stopping) {
                worker.drain(drainUntil);
            }
        }

        @Override
        public void lost(Lease lease) {
            counts.fenced.increment();
            log.warn("{}; this relay stands by", new FencedException(lease).getMessage());
        }

        @Override
        public void surplus(int lane) {
            Running running = workers.get(lane);
            if (running != null) {
                running.worker().giveBack();
            }
        }

        @Override
        public void released(int lane) {
            Running running = workers.get(lane);
            if (running != null && running.thread().isAlive()) {
                running.worker().released();
            }
        }

        @Override
        public void wrote(long transaction) {
            workers.forEach((lane, running) -> running.worker().shortcut().offerNothing(transaction));
        }

        @Override
        public void beat(@Nullable Exception away) {
            if (away == null) {
                trouble.over(Relay.this);
            } else if (!stopping) {
                trouble.met(Relay.this, away, false);
            }
        }
    }
}
