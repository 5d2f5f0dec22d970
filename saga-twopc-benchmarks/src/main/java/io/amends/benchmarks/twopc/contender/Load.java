package io.amends.benchmarks.twopc.contender;

import io.amends.benchmarks.twopc.bank.Bank;
import io.amends.benchmarks.twopc.contender.Transfers.End;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a number of transfers in flight, that is begun and not ended: as soon as one has ended the next begins. Begins
 * at once when it is made; safe for use by many threads.
 */
final class Load {

    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(60);
    private static final int MAX_CENTS = 10_000;
    private static final int HOT_ACCOUNTS = 2;

    private final Transfers transfers;
    private final Semaphore free;
    private final int inFlight;
    private final double hotShare;
    private final long most;
    private final Map<UUID, Long> begun = new ConcurrentHashMap<>();
    private final Latencies latencies = new Latencies();
    private final Map<End, LongAdder> ended = new EnumMap<>(End.class);
    private final AtomicReference<@Nullable RuntimeException> trouble = new AtomicReference<>();
    private final List<Thread> starters = new ArrayList<>();
    private volatile boolean stopping;
    private long windowBegan = System.nanoTime();

    /**
     * @param hotShare of the transfers that are between the few hot accounts, 0 to 1
     * @param most after how many the load ends by itself
     */
    Load(Transfers transfers, int inFlight, double hotShare, long most, long seed) {
        this.transfers = transfers;
        this.inFlight = inFlight;
        this.hotShare = hotShare;
        this.free = new Semaphore(inFlight);
        for (End end : End.values()) {
            ended.put(end, new LongAdder());
        }
        transfers.whenEnded(this::ended);
        SplittableRandom random = new SplittableRandom(seed);
        int threads = Math.min(inFlight, transfers.mostStarters());
        this.most = most / threads;
        for (int i = 0; i < threads; i++) {
            SplittableRandom own = random.split();
            Thread starter = new Thread(() -> startMany(own), "starter-" + i);
            starters.add(starter);
            starter.start();
        }
    }

    private void startMany(SplittableRandom random) {
        try {
            for (long begins = 0; !stopping && begins < most; ) {
                if (free.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                    begins++;
                    int accounts = random.nextDouble() < hotShare ? HOT_ACCOUNTS : Bank.ACCOUNTS;
                    Transfer transfer = Transfer.of(
                            new UUID(random.nextLong(), random.nextLong()),
                            random.nextInt(accounts),
                            random.nextInt(accounts),
                            1 + random.nextInt(MAX_CENTS));
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

    private void ended(UUID id, End end) {
        Long at = begun.remove(id);
        if (at != null) {
            if (end == End.COMPLETED) {
                latencies.add(System.nanoTime() - at);
            }
            count(end).increment();
            free.release();
        }
    }

    private LongAdder count(End end) {
        return Objects.requireNonNull(ended.get(end));
    }

    /**
     * Ends a window and begins the next: how many completed in it, its nanoseconds, the median of what they took, and what the
     * slowest hundredth took at the least.
     *
     * @throws RuntimeException if a transfer could not begin
     */
    synchronized String mark() {
        throwTrouble();
        long now = System.nanoTime();
        long[] took = latencies.take();
        String window = "%d %d %d %d"
                .formatted(
                        took.length,
                        now - windowBegan,
                        Latencies.percentile(took, 0.5),
                        Latencies.percentile(took, 0.99));
        windowBegan = now;
        return window;
    }

    /**
     * Waits for the end of a load that ends by itself, or ends it: how many completed, were refused, and are not known.
     *
     * @param now whether no more are to begin
     * @throws IllegalStateException if some do not end in a minute
     */
    String drain(boolean now) throws InterruptedException {
        stopping = stopping || now;
        for (Thread starter : starters) {
            starter.join(DRAIN_LIMIT.toMillis());
        }
        throwTrouble();
        if (!free.tryAcquire(inFlight, DRAIN_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("%d transfers have not ended, among them %s"
                    .formatted(begun.size(), begun.keySet().stream().findFirst().orElse(null)));
        }
        return "%d %d %d"
                .formatted(
                        count(End.COMPLETED).sum(),
                        count(End.REFUSED).sum(),
                        count(End.UNKNOWN).sum());
    }

    private void throwTrouble() {
        RuntimeException thrown = trouble.get();
        if (thrown != null) {
            throw thrown;
        }
    }
}
