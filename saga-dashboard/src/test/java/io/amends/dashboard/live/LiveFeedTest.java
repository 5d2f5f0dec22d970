package io.amends.dashboard.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.amends.dashboard.refresh.SharedReads;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What pages that listen hear, and what that costs. */
class LiveFeedTest {

    private static final Duration INTERVAL = Duration.ofMillis(50);
    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final AtomicInteger looks = new AtomicInteger();
    private final List<Set<UUID>> asked = new CopyOnWriteArrayList<>();
    private final SharedReads shared = new SharedReads(SharedReads.DEFAULT_LOAD);
    private volatile Seen now = seen(0, Map.of());
    private LiveFeed feed = feed(NEVER);

    private LiveFeed feed(Duration beat) {
        Function<Set<UUID>, Seen> source = sagas -> {
            looks.incrementAndGet();
            asked.add(sagas);
            return now;
        };
        return new LiveFeed(source, shared, INTERVAL, beat);
    }

    private static Seen seen(long total, Map<UUID, Long> revisions) {
        return new Seen(new Seen.Counts(total, true, Map.of("HOT_RETRY", total)), revisions);
    }

    @AfterEach
    void close() {
        feed.close();
    }

    /** A page. */
    private static class Page implements Sink {

        final List<Long> totals = new CopyOnWriteArrayList<>();
        final List<String> sagas = new CopyOnWriteArrayList<>();
        final AtomicInteger beats = new AtomicInteger();
        final AtomicInteger ends = new AtomicInteger();

        @Override
        public void counts(Seen.Counts counts) throws IOException {
            totals.add(counts.total());
        }

        @Override
        public void saga(UUID id, long revision) {
            sagas.add(id + "@" + revision);
        }

        @Override
        public void beat() {
            beats.incrementAndGet();
        }

        @Override
        public void end() {
            ends.incrementAndGet();
        }
    }

    private void awaitLooks(int number) {
        int until = looks.get() + number;
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> looks.get() >= until);
    }

    /** Pages are told by threads of their own, each of the latest only. */
    private static void awaitTotal(Page page, long total) {
        await().atMost(PATIENCE).until(() -> page.totals.contains(total));
    }

    @Test
    void fifty_pages_cost_one_look_in_an_interval_and_nobody_s_page_none() {
        long start = System.nanoTime();
        List<Page> pages =
                Stream.generate(Page::new).limit(LiveFeed.MOST_LISTENERS).toList();
        List<Runnable> ends = new ArrayList<>();
        pages.forEach(page -> ends.add(feed.listen(Set.of(), page)));
        awaitLooks(8);

        long intervals = (System.nanoTime() - start) / INTERVAL.toNanos();
        assertThat(looks.get()).isLessThanOrEqualTo((int) intervals + 1);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(pages)
                        .allSatisfy(page -> assertThat(page.totals).containsExactly(0L)));

        ends.forEach(Runnable::run);
        await().atMost(PATIENCE).pollDelay(INTERVAL.multipliedBy(3)).until(() -> feed.listeners() == 0);
        int before = looks.get();
        await().pollDelay(INTERVAL.multipliedBy(6)).until(() -> true);
        assertThat(looks.get()).isEqualTo(before);

        Page late = new Page();
        feed.listen(Set.of(), late);
        await().atMost(PATIENCE).until(() -> !late.totals.isEmpty());
    }

    @Test
    void one_more_is_refused_until_another_one_leaves() {
        List<Runnable> ends = new ArrayList<>();
        for (int i = 0; i < LiveFeed.MOST_LISTENERS; i++) {
            ends.add(feed.listen(Set.of(), new Page()));
        }

        assertThatThrownBy(() -> feed.listen(Set.of(), new Page())).isInstanceOf(FeedFullException.class);
        ends.get(0).run();
        feed.listen(Set.of(), new Page());
        assertThat(feed.listeners()).isEqualTo(LiveFeed.MOST_LISTENERS);
    }

    @Test
    void only_changes_are_told() {
        Page page = new Page();
        feed.listen(Set.of(), page);
        awaitTotal(page, 0);
        awaitLooks(4);
        now = seen(7, Map.of());
        awaitTotal(page, 7);
        awaitLooks(4);
        now = seen(8, Map.of());
        awaitTotal(page, 8);
        awaitLooks(4);

        assertThat(page.totals).containsExactly(0L, 7L, 8L);
    }

    @Test
    void a_page_hears_of_the_sagas_that_it_watches_and_of_no_others() {
        UUID a = UUID.randomUUID();
        UUID b = UUID.randomUUID();
        Page one = new Page();
        Page two = new Page();
        now = seen(0, Map.of(a, 1L, b, 1L));
        feed.listen(Set.of(a), one);
        feed.listen(Set.of(a, b), two);
        await().atMost(PATIENCE).until(() -> one.sagas.size() == 1 && two.sagas.size() == 2);
        now = seen(0, Map.of(a, 1L, b, 2L));
        await().atMost(PATIENCE).until(() -> two.sagas.size() == 3);
        awaitLooks(3);

        assertThat(one.sagas).containsExactly(a + "@1");
        assertThat(two.sagas).containsExactlyInAnyOrder(a + "@1", b + "@1", b + "@2");
        assertThat(asked.get(asked.size() - 1)).containsExactlyInAnyOrder(a, b);
        Set<UUID> many = new HashSet<>();
        Stream.generate(UUID::randomUUID).limit(LiveFeed.MOST_SAGAS + 1L).forEach(many::add);
        assertThatThrownBy(() -> feed.listen(many, new Page())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_page_that_reads_slowly_holds_up_no_other_and_hears_the_latest_in_the_end() {
        CountDownLatch reads = new CountDownLatch(1);
        Page slow = new Page() {
            @Override
            public void counts(Seen.Counts counts) throws IOException {
                try {
                    assertThat(reads.await(60, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
                super.counts(counts);
            }
        };
        Page fast = new Page();
        feed.listen(Set.of(), slow);
        feed.listen(Set.of(), fast);
        for (long total = 1; total <= 5; total++) {
            now = seen(total, Map.of());
            awaitTotal(fast, total);
        }

        assertThat(fast.totals).endsWith(1L, 2L, 3L, 4L, 5L);
        reads.countDown();
        await().atMost(PATIENCE).until(() -> slow.totals.contains(5L));
        assertThat(slow.totals).hasSize(2);
    }

    @Test
    void a_page_that_is_gone_is_forgotten() {
        Page gone = new Page() {
            @Override
            public void counts(Seen.Counts counts) throws IOException {
                throw new IOException("gone");
            }
        };
        feed.listen(Set.of(), gone);

        await().atMost(PATIENCE).until(() -> feed.listeners() == 0);
        assertThat(gone.ends).as("the server ends it").hasValue(0);
    }

    @Test
    void while_nothing_changes_a_page_hears_that_the_process_lives() {
        feed.close();
        feed = feed(INTERVAL.multipliedBy(3));
        Page page = new Page();
        feed.listen(Set.of(), page);

        await().atMost(PATIENCE).until(() -> page.beats.get() >= 3);
        assertThat(page.totals).containsExactly(0L);
    }

    @Test
    void a_database_that_is_away_ends_no_page() {
        Page page = new Page();
        AtomicInteger calls = new AtomicInteger();
        feed.close();
        feed = new LiveFeed(
                sagas -> {
                    if (calls.incrementAndGet() < 4) {
                        throw new IllegalStateException("away");
                    }
                    return now;
                },
                shared,
                INTERVAL,
                NEVER);
        feed.listen(Set.of(), page);

        await().atMost(PATIENCE).until(() -> !page.totals.isEmpty());
        assertThat(feed.listeners()).isEqualTo(1);
    }

    @Test
    void when_the_process_ends_all_pages_are_told_and_no_other_may_begin() {
        Page page = new Page();
        feed.listen(Set.of(), page);
        awaitLooks(1);

        feed.close();

        assertThat(page.ends.get()).isEqualTo(1);
        assertThatThrownBy(() -> feed.listen(Set.of(), new Page())).isInstanceOf(FeedFullException.class);
    }

    /** Whose looks take a tenth of a second. */
    private LiveFeed slowFeed(Duration beat) {
        Function<Set<UUID>, Seen> source = sagas -> {
            await().pollDelay(Duration.ofMillis(100)).until(() -> true);
            looks.incrementAndGet();
            return now;
        };
        return new LiveFeed(source, shared, INTERVAL, beat);
    }

    @Test
    void looks_that_take_long_are_rare_and_pages_hear_meanwhile_that_the_process_lives() {
        feed.close();
        feed = slowFeed(INTERVAL);
        Page page = new Page();
        long start = System.nanoTime();
        feed.listen(Set.of(), page);
        await().atMost(PATIENCE).until(() -> page.beats.get() >= 10);

        long pauses = (System.nanoTime() - start) / Duration.ofSeconds(10).toNanos();
        assertThat(looks.get()).as("two to learn how long they take").isLessThanOrEqualTo(2 + (int) pauses);
        assertThat(shared.pause()).isGreaterThanOrEqualTo(Duration.ofSeconds(10));
        assertThat(page.totals).containsExactly(0L);
    }

    @Test
    void who_begins_to_listen_long_before_the_next_look_hears_at_once_that_the_process_lives() {
        feed.close();
        feed = slowFeed(NEVER);
        feed.listen(Set.of(), new Page());
        await().atMost(PATIENCE).until(() -> looks.get() == 2);
        await().pollDelay(INTERVAL.multipliedBy(4)).until(() -> true);
        Page late = new Page();
        feed.listen(Set.of(), late);

        await().atMost(PATIENCE).until(() -> late.beats.get() == 1);
        assertThat(late.totals).as("what was seen long ago").isEmpty();
    }

    @Test
    void what_looks_cost_counts_only_while_somebody_listens() {
        shared.looked(Duration.ofMillis(100));
        shared.looked(Duration.ofMillis(100));
        assertThat(shared.pause()).isGreaterThan(Duration.ofSeconds(10));

        feed.listen(Set.of(), new Page()).run();

        await().atMost(PATIENCE).until(() -> shared.pause().isZero());
    }
}
