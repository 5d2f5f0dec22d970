package io.amends.dashboard.verbs;

import static io.amends.dashboard.audit.ActionState.ACCEPTED;
import static io.amends.dashboard.audit.ActionState.ATTEMPTED;
import static io.amends.dashboard.audit.ActionState.FAILED_AGAIN;
import static io.amends.dashboard.audit.ActionState.NO_EFFECT;
import static io.amends.dashboard.audit.ActionState.PROGRESSED;
import static io.amends.saga.engine.SagaPhase.COMPENSATED;
import static io.amends.saga.engine.SagaPhase.COMPENSATING;
import static io.amends.saga.engine.SagaPhase.COMPLETED;
import static io.amends.saga.engine.SagaPhase.RUNNING;
import static io.amends.saga.engine.SagaPhase.STUCK;
import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.audit.ActionState;
import io.amends.dashboard.verbs.Outcome.Evidence;
import io.amends.saga.engine.SagaPhase;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is told of an order, for each thing that can be stored of it. */
class OutcomeTest {

    private static final Set<String> NONE = Set.of();
    private static final Set<String> PAY = Set.of("pay");
    private static final Set<String> BOTH = Set.of("pay", "ship");

    private static ActionState judge(
            Set<String> steps, @Nullable SagaPhase now, Set<String> answered, Set<String> erred, boolean late) {
        return Outcome.judge(new Evidence(RUNNING, steps, now, answered, erred, !answered.isEmpty(), false, late));
    }

    private static ActionState quiet(boolean somethingHappened, boolean unsent, boolean late) {
        return Outcome.judge(new Evidence(RUNNING, PAY, RUNNING, NONE, NONE, somethingHappened, unsent, late));
    }

    @Test
    void what_lies_in_the_outbox_is_accepted_and_what_left_it_is_attempted() {
        assertThat(quiet(false, true, false)).isEqualTo(ACCEPTED);
        assertThat(quiet(false, false, false)).isEqualTo(ATTEMPTED);
        assertThat(quiet(true, true, false)).isEqualTo(ATTEMPTED);
    }

    @Test
    void silence_is_never_a_success() {
        assertThat(quiet(false, true, true)).isEqualTo(NO_EFFECT);
        assertThat(quiet(false, false, true)).isEqualTo(NO_EFFECT);
        assertThat(quiet(true, false, true)).isEqualTo(NO_EFFECT);
    }

    @Test
    void all_that_was_set_going_has_to_be_answered() {
        assertThat(judge(PAY, RUNNING, PAY, NONE, false)).isEqualTo(PROGRESSED);
        assertThat(judge(BOTH, RUNNING, PAY, NONE, false)).isEqualTo(ATTEMPTED);
        assertThat(judge(BOTH, RUNNING, BOTH, NONE, false)).isEqualTo(PROGRESSED);
        assertThat(judge(BOTH, RUNNING, PAY, NONE, true)).isEqualTo(PROGRESSED);
        assertThat(judge(BOTH, RUNNING, PAY, Set.of("ship"), true)).isEqualTo(FAILED_AGAIN);
    }

    @Test
    void a_step_that_erred_is_not_given_up_before_its_time() {
        assertThat(judge(PAY, RUNNING, NONE, PAY, false)).isEqualTo(ATTEMPTED);
        assertThat(judge(PAY, RUNNING, NONE, PAY, true)).isEqualTo(FAILED_AGAIN);
        assertThat(judge(PAY, RUNNING, PAY, PAY, true)).isEqualTo(PROGRESSED);
    }

    @Test
    void a_saga_that_is_stuck_failed_again_unless_it_got_further() {
        assertThat(judge(PAY, STUCK, NONE, NONE, false)).isEqualTo(FAILED_AGAIN);
        assertThat(judge(BOTH, STUCK, PAY, Set.of("ship"), false)).isEqualTo(FAILED_AGAIN);
        assertThat(judge(PAY, STUCK, PAY, NONE, false)).isEqualTo(PROGRESSED);
    }

    @Test
    void turning_back_is_progress_only_if_somebody_said_no() {
        assertThat(judge(BOTH, COMPENSATING, PAY, NONE, false)).isEqualTo(PROGRESSED);
        assertThat(judge(BOTH, COMPENSATING, NONE, PAY, false)).isEqualTo(FAILED_AGAIN);
        assertThat(Outcome.judge(new Evidence(COMPENSATING, PAY, COMPENSATING, NONE, NONE, false, false, false)))
                .isEqualTo(ATTEMPTED);
    }

    @Test
    void the_end_is_progress_also_if_the_saga_is_gone() {
        assertThat(judge(PAY, COMPLETED, NONE, NONE, false)).isEqualTo(PROGRESSED);
        assertThat(judge(PAY, COMPENSATED, NONE, PAY, true)).isEqualTo(PROGRESSED);
        assertThat(judge(PAY, null, NONE, NONE, true)).isEqualTo(PROGRESSED);
    }

    @Test
    void some_orders_are_done_at_once() {
        ConsoleVerb retry = new ConsoleVerb.Retry();
        ConsoleVerb extend = new ConsoleVerb.ExtendDeadline(Instant.EPOCH);

        assertThat(Outcome.atOnce(new ConsoleVerb.Pause(null), STUCK, STUCK, false))
                .isEqualTo(PROGRESSED);
        assertThat(Outcome.atOnce(new ConsoleVerb.Resolve(COMPLETED), STUCK, COMPLETED, false))
                .isEqualTo(PROGRESSED);
        assertThat(Outcome.atOnce(new ConsoleVerb.Resume(), STUCK, STUCK, false))
                .isEqualTo(PROGRESSED);
        assertThat(Outcome.atOnce(extend, RUNNING, RUNNING, true)).isEqualTo(PROGRESSED);
        assertThat(Outcome.atOnce(retry, STUCK, RUNNING, false)).isEqualTo(PROGRESSED);
        assertThat(Outcome.atOnce(retry, STUCK, STUCK, false)).isEqualTo(FAILED_AGAIN);
        assertThat(Outcome.atOnce(extend, STUCK, STUCK, false)).isEqualTo(NO_EFFECT);
        assertThat(Outcome.atOnce(extend, STUCK, RUNNING, true)).isNull();
        assertThat(Outcome.atOnce(retry, STUCK, RUNNING, true)).isNull();
    }

    @Test
    void an_order_that_only_holds_or_gives_time_takes_over_only_if_the_saga_is_stuck() {
        ConsoleVerb extend = new ConsoleVerb.ExtendDeadline(Instant.EPOCH);
        for (ConsoleVerb verb : List.of(new ConsoleVerb.Pause(null), new ConsoleVerb.Resume(), extend)) {
            assertThat(Outcome.takesOver(verb, RUNNING)).as("%s", verb).isFalse();
            assertThat(Outcome.takesOver(verb, STUCK)).as("%s", verb).isTrue();
        }
        assertThat(Outcome.takesOver(new ConsoleVerb.Retry(), RUNNING)).isTrue();
        assertThat(Outcome.takesOver(new ConsoleVerb.Compensate(), RUNNING)).isTrue();
    }
}
