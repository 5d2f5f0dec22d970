package io.amends.saga.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class HybridClockTest {

    private static final long NOW = 1_700_000_000_000L;

    @Test
    void a_stamp_carries_the_physical_time() {
        assertThat(HybridClock.millis(HybridClock.next(0, 0, NOW))).isEqualTo(NOW);
    }

    @Test
    void events_of_one_millisecond_are_still_in_order() {
        long first = HybridClock.next(0, 0, NOW);
        long second = HybridClock.next(first, 0, NOW);

        assertThat(second).isGreaterThan(first);
        assertThat(HybridClock.millis(second)).isEqualTo(NOW);
        assertThat(HybridClock.counter(first)).isZero();
        assertThat(HybridClock.counter(second)).isEqualTo(1);
    }

    @Test
    void an_event_is_later_than_its_cause_although_the_senders_clock_is_ahead() {
        long sent = HybridClock.next(0, 0, NOW + 60_000);

        assertThat(HybridClock.next(HybridClock.next(0, 0, NOW), sent, NOW)).isGreaterThan(sent);
    }

    @Test
    void a_clock_that_is_set_back_does_not_turn_the_order_round() {
        long before = HybridClock.next(0, 0, NOW);

        assertThat(HybridClock.next(before, 0, NOW - 3_600_000)).isGreaterThan(before);
    }

    @Test
    void stamps_only_grow_whatever_the_clocks_say() {
        long seed = new Random().nextLong();
        System.out.println("HybridClockTest seed " + seed);
        Random random = new Random(seed);
        long last = 0;
        for (int i = 0; i < 10_000; i++) {
            long now = NOW + random.nextInt(1000) - 500;
            long received = random.nextBoolean() ? 0 : HybridClock.next(0, 0, NOW + random.nextInt(2000) - 1000);
            long next = HybridClock.next(last, received, now);
            assertThat(next).as("seed %d, step %d", seed, i).isGreaterThan(last).isGreaterThan(received);
            assertThat(HybridClock.millis(next)).isGreaterThanOrEqualTo(now);
            last = next;
        }
    }
}
