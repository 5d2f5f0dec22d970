package io.amends.dashboard.benchmark;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Pages that somebody looks at, as {@code assets/live.js} and the pages have it: of each ten, seven list what is stuck, one the
 * failure groups, one is the outbox's, and one a saga's. Each listens to the stream, or asks every ten seconds where that is full,
 * and says how old an answer may be.
 */
final class OpenTabs implements AutoCloseable {

    private static final Duration TICK = Duration.ofSeconds(10);

    /** From being told of a change until what is shown is read anew. */
    private static final Duration SOON = Duration.ofMillis(1_200);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
    private final Map<String, LongAdder> counted = new ConcurrentHashMap<>();
    private final LongAdder failed = new LongAdder();
    private final AtomicInteger streams = new AtomicInteger();
    private final List<Tab> tabs = new ArrayList<>();
    private final String url;

    OpenTabs(String url, int number) throws Exception {
        this.url = url;
        JsonNode stuck = JSON.readTree(
                http.send(request("stuck").build(), BodyHandlers.ofString()).body());
        for (int i = 0; i < number; i++) {
            tabs.add(new Tab(
                    Page.of(i), stuck.path("sagas").path(i % 50).path("sagaId").asString()));
        }
        for (Tab tab : tabs) {
            tab.open();
        }
    }

    /** What a tab shows. */
    private enum Page {
        STUCK(List.of("stuck/counts", "stuck"), true, false),
        GROUPS(List.of("groups"), true, false),
        OUTBOX(List.of("outbox"), false, true),
        SAGA(List.of(), false, false);

        private final List<String> reads;
        private final boolean onCounts;
        private final boolean onTick;

        Page(List<String> reads, boolean onCounts, boolean onTick) {
            this.reads = reads;
            this.onCounts = onCounts;
            this.onTick = onTick;
        }

        static Page of(int number) {
            return switch (number % 10) {
                case 7 -> GROUPS;
                case 8 -> OUTBOX;
                case 9 -> SAGA;
                default -> STUCK;
            };
        }
    }

    /** Waits until all have begun, and forgets what that took. */
    void settle() throws InterruptedException {
        TimeUnit.SECONDS.sleep(TICK.toSeconds());
        counted.clear();
    }

    /** What was asked since then, and told. */
    String counted() {
        String all = "%d streams, %s".formatted(streams.get(), counted);
        counted.clear();
        return all;
    }

    long failed() {
        return failed.sum();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).header("Accept", "application/json");
    }

    private void count(String what) {
        counted.computeIfAbsent(what, known -> new LongAdder()).increment();
    }

    private final class Tab {

        private final Page page;
        private final String saga;
        private final AtomicBoolean drawing = new AtomicBoolean();
        private volatile boolean live;
        private volatile @Nullable String tag;
        private volatile @Nullable String figure;
        private volatile long newerThan = System.nanoTime();

        Tab(Page page, String saga) {
            this.page = page;
            this.saga = saga;
        }

        void open() {
            draw(page.reads);
            poll();
            String stream = "events" + (page == Page.SAGA ? "?sagas=" + saga : "");
            http.sendAsync(
                            request(stream)
                                    .setHeader("Accept", "text/event-stream")
                                    .build(),
                            answer -> answer.statusCode() == 200
                                    ? HttpResponse.BodySubscribers.fromLineSubscriber(new Lines())
                                    : HttpResponse.BodySubscribers.discarding())
                    .whenComplete((answer, thrown) -> live = false);
            timer.scheduleAtFixedRate(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
        }

        private void tick() {
            if (!live) {
                poll();
            }
            if (page.onTick) {
                draw(page.reads);
            }
        }

        /** As of when something must be seen. */
        private void see(long secondsAgo) {
            newerThan = Math.max(newerThan, System.nanoTime() - TimeUnit.SECONDS.toNanos(secondsAgo));
        }

        private HttpRequest.Builder aged(String path) {
            return request(path)
                    .setHeader(
                            "Cache-Control",
                            "max-age=" + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - newerThan));
        }

        private void poll() {
            HttpRequest.Builder request = aged("stuck/counts");
            Optional.ofNullable(tag).ifPresent(known -> request.header("If-None-Match", known));
            count("polls");
            http.sendAsync(request.build(), BodyHandlers.ofString()).whenComplete((answer, thrown) -> {
                if (thrown != null || answer.statusCode() >= 400) {
                    failed.increment();
                } else if (answer.statusCode() == 200) {
                    tag = answer.headers().firstValue("ETag").orElse(null);
                    see(answer.headers().firstValueAsLong("Age").orElse(0));
                    counts(answer.body());
                }
            });
        }

        /** Draws the page anew if the figures are others than before. */
        private void counts(String text) {
            JsonNode counts = JSON.readTree(text);
            String now = counts.path("total") + " " + counts.path("byReason");
            String before = figure;
            figure = now;
            if (page.onCounts && before != null && !before.equals(now)) {
                timer.schedule(() -> draw(page.reads), SOON.toMillis(), TimeUnit.MILLISECONDS);
            }
        }

        /** One at a time; what comes meanwhile is left out, as the pages do. */
        private void draw(List<String> paths) {
            if (paths.isEmpty() || !drawing.compareAndSet(false, true)) {
                return;
            }
            AtomicInteger open = new AtomicInteger(paths.size());
            for (String path : paths) {
                count(path);
                http.sendAsync(aged(path).build(), BodyHandlers.discarding()).whenComplete((answer, thrown) -> {
                    if (thrown != null || answer.statusCode() >= 400) {
                        failed.increment();
                    }
                    if (open.decrementAndGet() == 0) {
                        drawing.set(false);
                    }
                });
            }
        }

        /** The lines of the stream. */
        private final class Lines implements Flow.Subscriber<String> {

            private String event = "";

            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                streams.incrementAndGet();
                live = true;
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(String line) {
                if (line.startsWith("event:")) {
                    event = line.substring("event:".length()).strip();
                } else if (line.startsWith("data:") && event.equals("counts")) {
                    count("told");
                    see(0);
                    counts(line.substring("data:".length()));
                }
            }

            @Override
            public void onError(Throwable thrown) {
                ended();
            }

            @Override
            public void onComplete() {
                ended();
            }

            private void ended() {
                streams.decrementAndGet();
                live = false;
            }
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
