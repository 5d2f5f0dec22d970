package io.amends.sample.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.sample.lab.LabState.BlockedState;
import io.amends.sample.lab.LabState.LaneState;
import io.amends.sample.lab.LabState.ModeState;
import io.amends.sample.lab.LabState.Money;
import io.amends.sample.lab.LabState.MoneyState;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What of two states goes into the timeline, and what the timeline keeps. */
class ChangesTest {

    private static final LabState QUIET = state(0, 0, 1, Money.CONSERVED);

    @Test
    void nothing_is_told_while_nothing_changes() {
        assertThat(Changes.between(QUIET, QUIET)).isEmpty();
        assertThat(Changes.between(state(3, 2, 1, Money.MOVING), state(9, 4, 1, Money.MOVING)))
                .isEmpty();
    }

    @Test
    void the_first_that_is_blocked_or_in_doubt_is_told_and_the_last() {
        LabState stuck = state(3, 2, 1, Money.MOVING);

        assertThat(Changes.between(QUIET, stuck))
                .extracting(Changes.Change::text)
                .containsExactly(
                        "transfers by 2pc are blocked, the first: waits for its coordinator",
                        "branches are in doubt and keep their accounts locked: 2");
        assertThat(Changes.between(stuck, QUIET))
                .extracting(Changes.Change::text)
                .containsExactly("no transfer by 2pc is blocked any more", "nothing is in doubt any more");
    }

    @Test
    void a_lane_that_is_taken_over_is_told_with_its_new_epoch() {
        assertThat(Changes.between(QUIET, state(0, 0, 2, Money.CONSERVED)))
                .extracting(Changes.Change::text)
                .containsExactly("lane 0 of the outbox of transfer is now stand-by's, with epoch 2");
    }

    @Test
    void money_that_is_not_conserved_is_told_once() {
        LabState wrong = state(0, 0, 1, Money.NOT_CONSERVED);

        assertThat(Changes.between(QUIET, wrong))
                .extracting(Changes.Change::kind)
                .containsExactly(Timeline.Kind.MONEY);
        assertThat(Changes.between(wrong, wrong)).isEmpty();
    }

    @Test
    void the_timeline_keeps_the_newest_and_tells_those_after_a_number_in_order() {
        AtomicLong clock = new AtomicLong();
        Timeline timeline = new Timeline(clock::incrementAndGet);
        for (int i = 1; i <= 300; i++) {
            timeline.add(Timeline.Kind.FAULT, "event " + i);
        }

        assertThat(timeline.all()).hasSize(200);
        assertThat(timeline.all().get(0).text()).isEqualTo("event 300");
        assertThat(timeline.after(298)).extracting(Timeline.Entry::text).containsExactly("event 299", "event 300");
        assertThat(timeline.after(298).get(0).at()).isEqualTo(299);
    }

    private static LabState state(int blocked, int inDoubt, long epoch, Money money) {
        List<BlockedState> list = blocked == 0
                ? List.of()
                : List.of(new BlockedState("t1", LabOrder.TWO_PHASE, "RUNNING", 3_000, "its coordinator"));
        return new LabState(
                0,
                new LabState.LoadState(false, 0, 0, 0, 0, 0),
                List.of(),
                List.of(),
                List.of(
                        new ModeState(LabOrder.SAGA, Map.of(), 0, 0, null, null, 0, 0),
                        new ModeState(LabOrder.TWO_PHASE, Map.of(), 0, 0, null, null, blocked, inDoubt)),
                list,
                List.of(),
                List.of(),
                List.of(new LaneState("transfer", 0, epoch == 1 ? "transfer" : "stand-by", epoch, 1_000L, 0, null)),
                new MoneyState(List.of(), "1.00", "1.00", "0.00", "0.00", money, "words"),
                List.of(),
                List.of());
    }
}
