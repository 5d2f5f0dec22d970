package io.amends.runtime.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.flow.FlowSettings.Breaking;
import io.amends.runtime.flow.ParticipantFlow.State;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BreakerTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Breaking SETTINGS =
            new Breaking(true, 3, Duration.ofSeconds(10), Duration.ofSeconds(35), 2, Duration.ofSeconds(30));

    private static final Breaker CLOSED = Breaker.closed(NOW);
    private static final Breaker OPEN = CLOSED.heard(false, 3, NOW, SETTINGS);
    private static final Breaker HALF_OPEN = OPEN.at(NOW.plusSeconds(10), true, SETTINGS);

    @Test
    void it_opens_once_failures_in_a_row_reach_the_limit() {
        Breaker nearly = CLOSED.heard(false, 2, NOW, SETTINGS);
        assertThat(nearly).isEqualTo(new Breaker(State.CLOSED, 2, Duration.ZERO, NOW, null));

        Instant later = NOW.plusSeconds(5);
        assertThat(nearly.heard(false, 1, later, SETTINGS))
                .isEqualTo(new Breaker(State.OPEN, 3, Duration.ofSeconds(10), later, later.plusSeconds(10)));
    }

    @Test
    void an_answer_in_between_counts_from_zero_again() {
        Breaker nearly = CLOSED.heard(false, 2, NOW, SETTINGS);

        assertThat(nearly.heard(true, 2, NOW, SETTINGS)).isEqualTo(nearly);
        assertThat(nearly.heard(true, 0, NOW, SETTINGS)).isEqualTo(CLOSED);
        assertThat(CLOSED.heard(true, 3, NOW, SETTINGS).state()).isEqualTo(State.OPEN);
    }

    @Test
    void while_all_is_well_an_answer_changes_nothing() {
        assertThat(CLOSED.heard(true, 0, NOW.plusSeconds(1), SETTINGS)).isSameAs(CLOSED);
        assertThat(CLOSED.at(NOW.plusSeconds(100), true, SETTINGS)).isSameAs(CLOSED);
    }

    @Test
    void further_failures_do_not_make_the_pause_longer() {
        assertThat(OPEN.heard(false, 50, NOW.plusSeconds(5), SETTINGS)).isSameAs(OPEN);
    }

    @Test
    void it_is_probed_after_the_pause_if_somebody_waits() {
        assertThat(OPEN.at(NOW.plusSeconds(9), true, SETTINGS)).isSameAs(OPEN);
        assertThat(OPEN.at(NOW.plusSeconds(10), false, SETTINGS)).isSameAs(OPEN);

        assertThat(HALF_OPEN)
                .isEqualTo(new Breaker(
                        State.HALF_OPEN, 3, Duration.ofSeconds(10), NOW.plusSeconds(10), NOW.plusSeconds(40)));
    }

    @Test
    void any_answer_closes_it() {
        Instant later = NOW.plusSeconds(12);

        assertThat(OPEN.heard(true, 0, later, SETTINGS)).isEqualTo(Breaker.closed(later));
        assertThat(HALF_OPEN.heard(true, 0, later, SETTINGS)).isEqualTo(Breaker.closed(later));
    }

    @Test
    void probes_without_an_answer_open_it_again_for_twice_as_long_up_to_a_bound() {
        Breaker again = HALF_OPEN.at(NOW.plusSeconds(40), true, SETTINGS);
        assertThat(HALF_OPEN.at(NOW.plusSeconds(39), true, SETTINGS)).isSameAs(HALF_OPEN);
        assertThat(again)
                .isEqualTo(
                        new Breaker(State.OPEN, 3, Duration.ofSeconds(20), NOW.plusSeconds(40), NOW.plusSeconds(60)));

        Instant next = NOW.plusSeconds(60);
        Breaker third = again.at(next, true, SETTINGS).heard(false, 1, next.plusSeconds(1), SETTINGS);
        assertThat(third.state()).isEqualTo(State.OPEN);
        assertThat(third.pause()).isEqualTo(Duration.ofSeconds(35));
        assertThat(third.until()).isEqualTo(next.plusSeconds(36));
    }

    @Test
    void the_next_outage_begins_with_the_short_pause() {
        Breaker again = HALF_OPEN.at(NOW.plusSeconds(40), true, SETTINGS).heard(true, 0, NOW, SETTINGS);

        assertThat(again.heard(false, 3, NOW, SETTINGS).pause()).isEqualTo(Duration.ofSeconds(10));
    }
}
