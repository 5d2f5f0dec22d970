package io.amends.benchmarks.transfer;

import io.amends.benchmarks.bank.Ledger;
import io.amends.benchmarks.measure.Latencies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a number of transfers in flight, that is begun and not ended: as soon as one has ended the next begins. Begins
 * at once when it is made; safe for use by many threads.
 */
final class Load {

    /** More threads than this only wait for each other on a machine of a few cores; the pools are of this size too. */
    static final int MOST_STARTERS = 16;

    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(60);
    private static final int MAX_AMOUNT = 10_000;

    private final Transfers transfers;
    private final Semaphore free;
    private final int inFlight;
    private final Map<UUID, Long> begun = new ConcurrentHashMap<>();
    private final Latencies latencies = new Latencies();
    private final AtomicLong ended = new AtomicLong();
    private final AtomicReference<@Nullable RuntimeException> trouble = new AtomicReference<>();
    private final List<Thread> starters = new ArrayList<>();
    private volatile boolean stopping;
    private long windowBegan = System.nanoTime();

    Load(Transfers transfers, int inFlight, long seed) {
        this.transfers = transfers;
        this.inFlight = inFlight;
        this.free = new Semaphore(inFlight);
        transfers.whenEnded(this::ended);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < Math.min(inFlight, MOST_STARTERS); i++) {
            SplittableRandom own = random.split();
            Thread starter = new Thread(() -> startMany(own), "starter-" + i);
            starters.add(starter);
            starter.start();
        }
    }

    private void startMany(SplittableRandom random) {
        try {
            while (!stopping) {
                if (free.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                    Transfer transfer = new Transfer(
                            new UUID(random.nextLong(), random.nextLong()),
                            random.nextInt(Ledger.ACCOUNTS),
                            random.nextInt(Ledger.ACCOUNTS),
                            1 + random.nextInt(MAX_AMOUNT));
                    begun.put(transfer.id(), System.nanoTime());
                    transfers.begin(transfer);
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException thrown) {
            trouble.compareAndSet(null, thrown);
            stopping = true;
        }
    }

    private void ended(UUID id) {
        Long at = begun.remove(id);
        if (at != null) {
            latencies.add(System.nanoTime() - at);
            ended.incrementAndGet();
            free.release();
        }
    }

    /**
     * Ends a window and begins the next.
     *
     * @throws RuntimeException if a transfer could not begin
     */
    synchronized Window mark() {
        throwTrouble();
        long now = System.nanoTime();
        long[] took = latencies.take();
        Window window = new Window(
                took.length, now - windowBegan, Latencies.percentile(took, 0.5), Latencies.percentile(took, 0.99));
        windowBegan = now;
        return window;
    }

    /**
     * Begins no more and waits for those in flight.
     *
     * @return how many have ended in all
     * @throws IllegalStateException if some do not end in a minute
     */
    long drain() throws InterruptedException {
        stopping = true;
        for (Thread starter : starters) {
            starter.join(DRAIN_LIMIT.toMillis());
        }
        throwTrouble();
        if (!free.tryAcquire(inFlight, DRAIN_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("%d transfers have not ended, among them %s"
                    .formatted(begun.size(), begun.keySet().stream().findFirst().orElse(null)));
        }
        return ended.get();
    }

    private void throwTrouble() {
        RuntimeException thrown = trouble.get();
        if (thrown != null) {
            throw thrown;
        }
    }

    /**
     * What happened in a window; times in nanoseconds.
     *
     * @param ended transfers that ended in it
     * @param duration how long it was
     * @param p50 the median of what they took
     * @param p99 what the slowest hundredth took at the least
     */
    record Window(long ended, long duration, long p50, long p99) {}
}
