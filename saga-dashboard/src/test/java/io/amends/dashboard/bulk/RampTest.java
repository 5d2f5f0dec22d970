package io.amends.dashboard.bulk;

import static io.amends.dashboard.bulk.Ramp.Next.DONE;
import static io.amends.dashboard.bulk.Ramp.Next.GO_ON;
import static io.amends.dashboard.bulk.Ramp.Next.NEXT_STAGE;
import static io.amends.dashboard.bulk.Ramp.Next.STOP;
import static io.amends.dashboard.bulk.Ramp.Next.WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.bulk.Ramp.Counts;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a run goes on, for each way that its items can stand. */
class RampTest {

    private static final List<Integer> RAMP = List.of(1, 10, 100);

    private static Ramp.Next next(int stage, long open, long waiting, long progressed, long failed) {
        return Ramp.next(new Counts(open, waiting, progressed, failed), RAMP, stage, 1000, 0.2);
    }

    @Test
    void stages_end_at_1_10_100_and_all() {
        assertThat(Ramp.bound(RAMP, 0, 1000)).isEqualTo(1);
        assertThat(Ramp.bound(RAMP, 2, 1000)).isEqualTo(100);
        assertThat(Ramp.bound(RAMP, 3, 1000)).isEqualTo(1000);
        assertThat(Ramp.bound(RAMP, 1, 4)).isEqualTo(4);
        assertThat(Ramp.bound(List.of(), 0, 4)).isEqualTo(4);
    }

    @Test
    void a_stage_ends_when_what_came_of_all_of_it_is_known() {
        assertThat(next(1, 3, 2, 1, 0)).isEqualTo(GO_ON);
        assertThat(next(1, 0, 2, 8, 0)).isEqualTo(WAIT);
        assertThat(next(1, 0, 0, 10, 0)).isEqualTo(NEXT_STAGE);
        // Those that changed since count for nothing.
        assertThat(next(1, 0, 0, 0, 0)).isEqualTo(NEXT_STAGE);
    }

    @Test
    void one_failure_stops_the_first_stage() {
        assertThat(next(0, 0, 0, 0, 1)).isEqualTo(STOP);
    }

    @Test
    void within_a_stage_a_ratio_counts_from_ten_on() {
        assertThat(next(2, 50, 0, 3, 3)).isEqualTo(GO_ON);
        assertThat(next(2, 50, 5, 7, 3)).isEqualTo(STOP);
        assertThat(next(2, 50, 5, 8, 2)).isEqualTo(GO_ON);
        assertThat(next(2, 0, 0, 80, 20)).isEqualTo(NEXT_STAGE);
        assertThat(next(2, 0, 0, 79, 21)).isEqualTo(STOP);
    }

    @Test
    void when_all_is_done_there_is_nothing_to_stop() {
        assertThat(Ramp.next(new Counts(0, 0, 0, 4), RAMP, 1, 4, 0.2)).isEqualTo(DONE);
        assertThat(Ramp.next(new Counts(0, 1, 0, 3), RAMP, 1, 4, 0.2)).isEqualTo(WAIT);
    }
}
