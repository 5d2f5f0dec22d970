package io.amends.runtime.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.runtime.LogWatch;
import io.amends.runtime.rounds.Rounds.Work;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Work that is done again and again. */
class RoundsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LONG = Duration.ofHours(1);

    @Test
    void what_a_round_throws_does_not_keep_the_next_one_from_being_done() {
        AtomicInteger done = new AtomicInteger();
        Rounds rounds = new Rounds("test-rounds", "The test", turn -> {
            if (done.incrementAndGet() < 3) {
                throw new IllegalStateException("not yet");
            }
            return turn.interval();
        });

        rounds.start(Duration.ofMillis(5));
        await().atMost(PATIENCE).until(() -> done.get() >= 4);
        rounds.stop(PATIENCE);
        int then = done.get();

        await().pollDelay(Duration.ofMillis(50)).until(() -> true);
        assertThat(done).hasValue(then);
    }

    @Test
    void while_there_is_more_to_do_no_time_is_lost_and_a_stop_ends_it_nevertheless() {
        AtomicInteger done = new AtomicInteger();
        Rounds rounds = new Rounds("test-rounds", "The test", Work.whileMore(() -> done.incrementAndGet() > 0));

        rounds.start(LONG);
        await().atMost(PATIENCE).until(() -> done.get() >= 100);
        rounds.stop(PATIENCE);
        int then = done.get();

        await().pollDelay(Duration.ofMillis(50)).until(() -> true);
        assertThat(done).hasValue(then);
    }

    @Test
    void a_round_that_hangs_is_interrupted_when_the_limit_is_over_and_it_can_start_again() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        AtomicInteger done = new AtomicInteger();
        Rounds rounds = new Rounds("test-rounds", "The test", turn -> {
            if (done.incrementAndGet() == 1) {
                hangs.countDown();
                try {
                    never.await(60, TimeUnit.SECONDS);
                } catch (InterruptedException thrown) {
                    interrupted.set(true);
                    Thread.currentThread().interrupt();
                }
            }
            return turn.interval();
        });
        rounds.start(LONG);
        assertThat(hangs.await(20, TimeUnit.SECONDS)).isTrue();

        rounds.stop(Duration.ofMillis(20));
        await().atMost(PATIENCE).untilTrue(interrupted);
        rounds.start(LONG);

        await().atMost(PATIENCE).until(() -> done.get() == 2);
        rounds.stop(PATIENCE);
    }

    @Test
    void the_last_work_is_done_once_after_the_last_round() {
        List<String> done = new CopyOnWriteArrayList<>();
        Rounds rounds = new Rounds("test-rounds", "The test", Work.of(() -> done.add("round")), () -> done.add("last"));

        rounds.start(LONG);
        await().atMost(PATIENCE).until(() -> !done.isEmpty());
        rounds.stop(PATIENCE);

        assertThat(done).containsExactly("round", "last");
    }

    @Test
    void the_last_work_is_left_out_where_the_last_round_was_in_trouble_and_that_was_told_once() {
        AtomicInteger rounds = new AtomicInteger();
        AtomicBoolean last = new AtomicBoolean();
        Work work = Work.of(() -> {
            rounds.incrementAndGet();
            throw new IllegalStateException("away");
        });
        Rounds troubled = new Rounds("test-rounds", "The troubled one", work, () -> last.set(true));

        try (LogWatch log = LogWatch.of(Rounds.class.getName())) {
            troubled.start(Duration.ofMillis(1));
            await().atMost(PATIENCE).until(() -> rounds.get() > 3);
            troubled.stop(PATIENCE);

            assertThat(log.lines())
                    .filteredOn(line -> line.contains("The troubled one"))
                    .singleElement()
                    .asString()
                    .startsWith("WARN ")
                    .contains("waits and tries again", "away");
        }
        assertThat(last).isFalse();
    }

    @Test
    void a_round_that_pauses_hears_of_the_end_and_asks_for_the_next_at_a_time_of_its_own() {
        AtomicInteger done = new AtomicInteger();
        Rounds rounds = new Rounds("test-rounds", "The test", turn -> {
            boolean isLast = done.incrementAndGet() == 3 && turn.pause(LONG);
            return isLast ? turn.interval() : Duration.ofMillis(1);
        });

        rounds.start(LONG);
        await().atMost(PATIENCE).until(() -> done.get() == 3);
        rounds.stop(PATIENCE);

        assertThat(done).hasValue(3);
    }
}
