package io.amends.runtime.participant;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PatienceTest {

    private static Duration limitAfter(int inVain, Duration full) {
        Patience patience = new Patience(full);
        IntStream.range(0, inVain).forEach(i -> patience.waitedInVain());
        return patience.limit();
    }

    @Test
    void after_the_first_wait_in_vain_the_others_wait_briefly_and_after_many_hardly_at_all() {
        Duration full = Duration.ofSeconds(1);
        assertThat(limitAfter(0, full)).isEqualTo(full);
        assertThat(limitAfter(1, full)).isEqualTo(Duration.ofMillis(100));
        assertThat(limitAfter(10, full)).isEqualTo(Duration.ofMillis(100));
        assertThat(limitAfter(11, full)).isEqualTo(Duration.ofMillis(10));
        assertThat(limitAfter(500, full)).isEqualTo(Duration.ofMillis(10));
    }

    @Test
    void a_command_that_is_known_to_wait_has_a_short_limit_from_the_start() {
        assertThat(new Patience(Duration.ofSeconds(1)).shortLimit()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void no_limit_gets_longer_than_the_one_that_was_set_and_none_stays_none() {
        assertThat(limitAfter(1, Duration.ofMillis(20))).isEqualTo(Duration.ofMillis(20));
        assertThat(limitAfter(11, Duration.ofMillis(5))).isEqualTo(Duration.ofMillis(5));
        assertThat(limitAfter(0, Duration.ZERO)).isZero();
        assertThat(limitAfter(11, Duration.ZERO)).isZero();
    }
}
