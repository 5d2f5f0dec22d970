package io.amends.dashboard.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What open pages are given, and what their asking costs; the time is the test's. */
class SharedReadsTest {

    private static final Duration LONG_AGO = Duration.ofHours(1);
    private static final Duration NOW = Duration.ZERO;

    private final AtomicLong clock = new AtomicLong();
    private final SharedReads shared = new SharedReads(SharedReads.DEFAULT_LOAD, clock::get, Duration.ofSeconds(20));
    private final Map<Object, Integer> reads = new HashMap<>();
    private Duration takes = Duration.ofMillis(10);

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    private SharedReads.Answer answer(Object question, Duration oldest) throws Exception {
        return shared.read(question, oldest, () -> {
            pass(takes);
            return question + " " + reads.merge(question, 1, Integer::sum);
        });
    }

    private Object ask(Object question, Duration oldest) throws Exception {
        return String.valueOf(answer(question, oldest).value());
    }

    @Test
    void who_takes_an_older_answer_is_given_the_one_that_was_read_for_others() throws Exception {
        assertThat(ask("a", LONG_AGO)).isEqualTo("a 1");
        assertThat(ask("b", LONG_AGO)).isEqualTo("b 1");
        pass(Duration.ofSeconds(1));

        assertThat(ask("a", LONG_AGO)).isEqualTo("a 1");
        assertThat(answer("b", LONG_AGO).age()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void who_has_just_changed_something_is_never_given_what_was_read_before() throws Exception {
        ask("a", LONG_AGO);

        assertThat(ask("a", NOW)).isEqualTo("a 2");
        pass(Duration.ofSeconds(1));
        assertThat(ask("a", Duration.ofSeconds(1)))
                .as("its read began a moment earlier than that")
                .isEqualTo("a 3");
        pass(Duration.ofMillis(500));
        assertThat(ask("a", Duration.ofSeconds(1))).isEqualTo("a 3");
    }

    @Test
    void a_read_is_repeated_after_two_seconds_or_after_more_than_a_hundred_times_as_long_as_it_takes()
            throws Exception {
        ask("short", LONG_AGO);
        pass(Duration.ofMillis(1_980));
        assertThat(ask("short", LONG_AGO)).isEqualTo("short 1");
        pass(Duration.ofMillis(20));
        assertThat(ask("short", LONG_AGO)).isEqualTo("short 2");

        takes = Duration.ofMillis(200);
        ask("long", LONG_AGO);
        pass(Duration.ofSeconds(2));
        assertThat(ask("long", LONG_AGO)).isEqualTo("long 2");
        pass(Duration.ofSeconds(20));
        assertThat(ask("long", LONG_AGO)).isEqualTo("long 2");
        pass(Duration.ofSeconds(7));
        assertThat(ask("long", LONG_AGO)).isEqualTo("long 3");
    }

    @Test
    void one_read_that_had_to_wait_for_something_else_makes_no_other_rare() throws Exception {
        ask("a", LONG_AGO);
        pass(Duration.ofSeconds(2));
        takes = Duration.ofSeconds(1);
        ask("a", LONG_AGO);

        assertThat(shared.pause()).isLessThan(Duration.ofSeconds(2));
        shared.looked(Duration.ofMillis(20));
        shared.looked(Duration.ofSeconds(3));
        assertThat(shared.pause()).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(4));
    }

    @Test
    void
            however_many_pages_ask_and_whatever_they_are_told_the_database_reads_for_them_less_than_a_hundredth_of_the_time()
                    throws Exception {
        takes = Duration.ofMillis(30);
        long looked = -LONG_AGO.toNanos();
        int looks = 0;
        int seconds = 1_000;
        for (int second = 0; second < seconds; second += 2) {
            clock.set(Math.max(clock.get(), Duration.ofSeconds(second).toNanos()));
            if (clock.get() - looked >= shared.pause().toNanos()) {
                looked = clock.get();
                pass(takes);
                shared.looked(takes);
                looks++;
                pass(Duration.ofMillis(1_200));
                for (String question : List.of("counts", "list", "groups")) {
                    for (int page = 0; page < 40; page++) {
                        ask(question, Duration.ofSeconds(1));
                    }
                }
            }
            for (int page = 0; page < 5; page++) {
                ask("outbox", LONG_AGO);
            }
        }

        int all = looks + reads.values().stream().mapToInt(Integer::intValue).sum();
        assertThat(looks).as("pages are told all the same").isGreaterThan(seconds / 30);
        assertThat(all * takes.toMillis()).isLessThan(10L * seconds);
    }

    @Test
    void what_somebody_opens_and_reloads_slows_nobody_down_and_what_is_repeated_does_until_nobody_asks()
            throws Exception {
        takes = Duration.ofMillis(200);
        ask("a saga", NOW);
        ask("a saga", NOW);
        assertThat(shared.pause()).isEqualTo(Duration.ZERO);

        ask("a saga", LONG_AGO);
        assertThat(shared.pause()).isEqualTo(Duration.ofSeconds(25));
        pass(Duration.ofMinutes(3));
        assertThat(shared.pause()).as("nobody looks at it any more").isEqualTo(Duration.ZERO);
    }

    @Test
    void a_database_in_trouble_makes_pages_half_a_minute_old_and_no_older() throws Exception {
        takes = Duration.ofSeconds(8);
        ask("a", NOW);
        ask("a", NOW);
        assertThat(ask("a", LONG_AGO)).isEqualTo("a 2");

        assertThat(shared.pause()).isEqualTo(Duration.ofSeconds(30));
        pass(Duration.ofSeconds(21));
        assertThat(ask("a", LONG_AGO)).isEqualTo("a 2");
        pass(Duration.ofSeconds(1));
        assertThat(ask("a", LONG_AGO)).isEqualTo("a 3");
    }

    @Test
    void a_failure_is_told_to_those_who_waited_for_it_and_to_nobody_later() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch ends = new CountDownLatch(1);
        AtomicInteger tries = new AtomicInteger();
        SharedReads.Reading fails = () -> {
            tries.incrementAndGet();
            reading.countDown();
            assertThat(ends.await(20, TimeUnit.SECONDS)).isTrue();
            throw new IllegalStateException("away");
        };
        ExecutorService pages = Executors.newCachedThreadPool();
        try {
            List<Future<Object>> waiting = new ArrayList<>();
            for (int page = 0; page < 50; page++) {
                waiting.add(pages.submit(() -> shared.read("a", LONG_AGO, fails).value()));
            }
            assertThat(reading.await(20, TimeUnit.SECONDS)).isTrue();
            ends.countDown();
            for (Future<Object> page : waiting) {
                assertThatThrownBy(() -> page.get(20, TimeUnit.SECONDS)).hasMessageContaining("away");
            }
            assertThat(tries).hasValue(1);
        } finally {
            ends.countDown();
            pages.shutdownNow();
        }

        pass(Duration.ofNanos(1));
        assertThat(ask("a", LONG_AGO)).isEqualTo("a 1");
    }

    @Test
    void no_more_than_a_few_dozen_answers_are_kept() throws Exception {
        for (int i = 0; i <= SharedReads.MOST; i++) {
            ask(i, LONG_AGO);
        }

        assertThat(ask(SharedReads.MOST, LONG_AGO)).isEqualTo(SharedReads.MOST + " 1");
        assertThat(ask(0, LONG_AGO)).isEqualTo("0 2");
    }

    @Test
    void fifty_who_ask_at_once_have_it_read_once_and_who_has_an_older_answer_waits_for_nobody() throws Exception {
        ask("a", LONG_AGO);
        pass(Duration.ofSeconds(3));
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch ends = new CountDownLatch(1);
        AtomicInteger second = new AtomicInteger();
        SharedReads.Reading slow = () -> {
            second.incrementAndGet();
            reading.countDown();
            assertThat(ends.await(20, TimeUnit.SECONDS)).isTrue();
            return "new";
        };
        ExecutorService pages = Executors.newCachedThreadPool();
        try {
            List<Future<Object>> waiting = new ArrayList<>();
            for (int page = 0; page < 50; page++) {
                waiting.add(pages.submit(
                        () -> shared.read("a", Duration.ofSeconds(1), slow).value()));
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> reading.getCount() == 0);

            assertThat(ask("a", LONG_AGO)).isEqualTo("a 1");
            ends.countDown();
            for (Future<Object> page : waiting) {
                assertThat(page.get(20, TimeUnit.SECONDS)).isEqualTo("new");
            }
            assertThat(second).hasValue(1);
        } finally {
            ends.countDown();
            pages.shutdownNow();
        }
    }

    @Test
    void nobody_waits_for_others_for_ever() throws Exception {
        SharedReads impatient = new SharedReads(SharedReads.DEFAULT_LOAD, clock::get, Duration.ofMillis(1));
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch ends = new CountDownLatch(1);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Future<Object> hangs = other.submit(() -> impatient
                    .read("a", NOW, () -> {
                        reading.countDown();
                        return ends.await(20, TimeUnit.SECONDS);
                    })
                    .value());
            assertThat(reading.await(20, TimeUnit.SECONDS)).isTrue();

            assertThatThrownBy(() -> impatient.read("a", NOW, () -> "mine")).isInstanceOf(TimeoutException.class);
            ends.countDown();
            assertThat(hangs.get(20, TimeUnit.SECONDS)).isEqualTo(true);
        } finally {
            ends.countDown();
            other.shutdownNow();
        }
    }
}
