package io.amends.sample.lab;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks for transfers at a steady rate, whether the ones before have ended or not. One that is not taken in is sent again, with the
 * same id, until it is. Safe for use by many threads.
 */
final class Load implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Load.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int MOST_WAITING = 2_000;
    private static final int MOST_IN_FLIGHT = 64;
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Supplier<List<URI>> doors;
    private final LabOrder.Book book;
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "lab-load"));
    private final ExecutorService callbacks = Executors.newFixedThreadPool(2, task -> new Thread(task, "lab-http"));
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .executor(callbacks)
            .build();

    /** Made and not taken in by anybody yet. */
    private final AtomicInteger waiting = new AtomicInteger();

    private final AtomicLong unsent = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    // Of the clock's thread.
    private long begun;
    private long made;
    private final Queue<LabOrder> queue = new ArrayDeque<>();
    private int inFlight;
    private long notBefore = System.nanoTime();

    /** The one that answered last; the next one's turn comes when it does not. */
    private int door;

    private volatile @Nullable Pace pace;
    private volatile boolean ended;

    /** How many a second, and how many percent of them by two-phase commit. */
    record Pace(int rate, int share) {}

    /**
     * @param doors where transfers are taken in
     */
    Load(Supplier<List<URI>> doors, long seed) {
        this.doors = doors;
        this.book = new LabOrder.Book(seed);
        clock.scheduleAtFixedRate(this::tick, 10, 10, TimeUnit.MILLISECONDS);
    }

    /** From now on at that pace; null: no new ones. */
    void set(@Nullable Pace wanted) {
        clock.execute(() -> {
            begun = System.nanoTime();
            made = 0;
            pace = wanted;
        });
    }

    @Nullable
    Pace pace() {
        return pace;
    }

    /** One more, of that mode. */
    void single(String mode) {
        clock.execute(() -> begin(book.next(mode)));
    }

    /** How many nobody has taken in yet. */
    int waiting() {
        return waiting.get();
    }

    /** How many were not sent, since too many waited. */
    long unsent() {
        return unsent.get();
    }

    /** How many the service refused. */
    long refused() {
        return refused.get();
    }

    private void tick() {
        Pace now = pace;
        if (now != null) {
            long due = (System.nanoTime() - begun) * now.rate() / 1_000_000_000L;
            // A pause of this process is not made up for at once.
            made = Math.max(made, due - now.rate());
            while (made < due) {
                made++;
                begin(book.next(now.share()));
            }
        }
        while (inFlight < MOST_IN_FLIGHT && !queue.isEmpty() && System.nanoTime() - notBefore >= 0) {
            send(queue.remove());
        }
    }

    private void begin(LabOrder order) {
        if (waiting.get() >= MOST_WAITING) {
            unsent.incrementAndGet();
            return;
        }
        waiting.incrementAndGet();
        queue.add(order);
    }

    private void send(LabOrder order) {
        List<URI> places = doors.get();
        int chosen = door;
        HttpRequest request = HttpRequest.newBuilder(
                        places.get(chosen % places.size()).resolve("/transfers?precheck=false"))
                .header("Content-Type", "application/json")
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(order.body())))
                .build();
        inFlight++;
        http.sendAsync(request, HttpResponse.BodyHandlers.discarding()).whenComplete((response, trouble) -> {
            if (!ended) {
                clock.execute(() -> answered(order, chosen, response));
            }
        });
    }

    private void answered(LabOrder order, int chosen, @Nullable HttpResponse<Void> response) {
        inFlight--;
        if (response == null || response.statusCode() >= 500) {
            queue.add(order);
            notBefore = System.nanoTime() + PAUSE.toNanos();
            if (door == chosen) {
                door = chosen + 1;
            }
            return;
        }
        waiting.decrementAndGet();
        if (response.statusCode() != 202) {
            refused.incrementAndGet();
            log.warn("Transfer {} was refused with {}", order.transferId(), response.statusCode());
        }
    }

    @Override
    public void close() {
        ended = true;
        clock.shutdownNow();
        callbacks.shutdown();
    }
}
