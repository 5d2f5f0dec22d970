package io.amends.dashboard.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
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
        Rounds rounds = new Rounds("test-rounds", "The test", () -> {
            if (done.incrementAndGet() < 3) {
                throw new IllegalStateException("not yet");
            }
            return false;
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
        Rounds rounds = new Rounds("test-rounds", "The test", () -> done.incrementAndGet() > 0);

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
        Rounds rounds = new Rounds("test-rounds", "The test", () -> {
            if (done.incrementAndGet() == 1) {
                hangs.countDown();
                try {
                    never.await(60, TimeUnit.SECONDS);
                } catch (InterruptedException thrown) {
                    interrupted.set(true);
                    Thread.currentThread().interrupt();
                }
            }
            return false;
        });
        rounds.start(LONG);
        assertThat(hangs.await(20, TimeUnit.SECONDS)).isTrue();

        rounds.stop(Duration.ofMillis(20));
        await().atMost(PATIENCE).untilTrue(interrupted);
        rounds.start(LONG);

        await().atMost(PATIENCE).until(() -> done.get() == 2);
        rounds.stop(PATIENCE);
    }
}
