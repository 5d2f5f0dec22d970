package io.amends.saga.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

    private static final RetryPolicy EXACT = RetryPolicy.DEFAULT.withoutJitter();

    @Test
    void the_default_is_ten_attempts_from_a_second_to_a_minute() {
        assertThat(RetryPolicy.DEFAULT.attempts()).isEqualTo(10);
        assertThat(RetryPolicy.DEFAULT.within()).isNull();
        assertThat(RetryPolicy.DEFAULT.jitter()).isTrue();
        assertThat(RetryPolicy.DEFAULT.permanent().test(new Error())).isFalse();
        assertThat(EXACT.waitAfter(1, 0.3)).isEqualTo(Duration.ofSeconds(1));
        assertThat(EXACT.waitAfter(2, 0.3)).isEqualTo(Duration.ofSeconds(2));
        assertThat(EXACT.waitAfter(6, 0.3)).isEqualTo(Duration.ofSeconds(32));
        assertThat(EXACT.waitAfter(7, 0.3)).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void waits_stay_at_the_longest_however_often_it_failed() {
        assertThat(EXACT.waitAfter(Integer.MAX_VALUE, 0)).isEqualTo(Duration.ofMinutes(1));
        RetryPolicy steep = new RetryPolicy(
                3, Duration.ofSeconds(1), Duration.ofDays(36_500), Double.MAX_VALUE, false, null, thrown -> false);
        assertThat(steep.waitAfter(9, 0)).isEqualTo(Duration.ofDays(36_500));
    }

    @Test
    void jitter_draws_evenly_between_nothing_and_the_full_wait() {
        RetryPolicy policy = RetryPolicy.DEFAULT.withBackoff(Duration.ofSeconds(10), Duration.ofSeconds(10));

        assertThat(policy.waitAfter(1, 0)).isZero();
        assertThat(policy.waitAfter(1, 0.5)).isEqualTo(Duration.ofSeconds(5));
        assertThat(policy.waitAfter(1, Math.nextDown(1.0))).isLessThan(Duration.ofSeconds(10));
        Random random = new Random(7);
        double mean = random.doubles(10_000)
                .mapToLong(chance -> policy.waitAfter(1, chance).toMillis())
                .average()
                .orElseThrow();
        assertThat(mean).isBetween(4_800.0, 5_200.0);
    }

    @Test
    void the_longest_time_is_that_of_all_attempts_and_the_full_waits_between_them() {
        Duration timeout = Duration.ofSeconds(30);

        assertThat(RetryPolicy.DEFAULT.withAttempts(1).longest(timeout)).isEqualTo(timeout);
        // 4 x 30 s, and 1 + 2 + 4 s
        assertThat(RetryPolicy.DEFAULT.withAttempts(4).longest(timeout)).isEqualTo(Duration.ofSeconds(127));
        assertThat(RetryPolicy.DEFAULT
                        .withAttempts(4)
                        .within(Duration.ofSeconds(50))
                        .longest(timeout))
                .isEqualTo(Duration.ofSeconds(80));
        assertThat(RetryPolicy.DEFAULT
                        .withAttempts(4)
                        .within(Duration.ofHours(1))
                        .longest(timeout))
                .isEqualTo(Duration.ofSeconds(127));
        assertThat(RetryPolicy.DEFAULT.withAttempts(Integer.MAX_VALUE).longest(Duration.ofDays(36_500)))
                .isEqualTo(Duration.ofDays(36_500));
    }

    @Test
    void what_has_no_end_never_comes_at_once() {
        assertThat(RetryPolicy.DEFAULT.waitWithoutEnd()).isEqualTo(Duration.ofMinutes(1));
        assertThat(RetryPolicy.DEFAULT.withBackoff(Duration.ZERO, Duration.ZERO).waitWithoutEnd())
                .isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void each_part_is_changed_alone() {
        RetryPolicy changed = RetryPolicy.DEFAULT
                .withAttempts(3)
                .withBackoff(Duration.ofMillis(5), Duration.ofMillis(50))
                .withoutJitter()
                .within(Duration.ofHours(1))
                .notAfter(IllegalStateException.class::isInstance);

        assertThat(changed.attempts()).isEqualTo(3);
        assertThat(changed.backoff()).isEqualTo(Duration.ofMillis(5));
        assertThat(changed.backoffMax()).isEqualTo(Duration.ofMillis(50));
        assertThat(changed.multiplier()).isEqualTo(2);
        assertThat(changed.jitter()).isFalse();
        assertThat(changed.within()).isEqualTo(Duration.ofHours(1));
        assertThat(changed.permanent().test(new IllegalStateException())).isTrue();
        assertThat(changed.permanent().test(new RuntimeException())).isFalse();
    }

    @Test
    void a_policy_that_cannot_be_is_refused_with_what_it_was_given() {
        assertThatThrownBy(() -> EXACT.withAttempts(0))
                .hasMessageContaining("attempts >= 1")
                .hasMessageContaining("got 0,");
        assertThatThrownBy(() -> EXACT.withBackoff(Duration.ofSeconds(-1), Duration.ofSeconds(1)))
                .hasMessageContaining("PT-1S");
        assertThatThrownBy(() -> EXACT.withBackoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .hasMessageContaining("PT2S, PT1S");
        assertThatThrownBy(
                        () -> new RetryPolicy(1, Duration.ZERO, Duration.ZERO, Double.NaN, true, null, thrown -> false))
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> EXACT.within(Duration.ZERO)).hasMessageContaining("longer than zero");
        assertThatThrownBy(() -> EXACT.within(Duration.ofSeconds(-1))).hasMessageContaining("PT-1S");
    }
}
