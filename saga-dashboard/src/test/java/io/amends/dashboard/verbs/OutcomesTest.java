package io.amends.dashboard.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.Deliveries.Cleared;
import io.amends.dashboard.Deliveries.Collected;
import io.amends.dashboard.Deliveries.Delivered;
import io.amends.dashboard.Deliveries.NotThere;
import io.amends.dashboard.Deliveries.Told;
import io.amends.dashboard.Depot.Sent;
import io.amends.dashboard.Office;
import io.amends.dashboard.audit.ActionState;
import io.amends.runtime.wire.ReservedTypes;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.Outcome;
import io.amends.saga.engine.SagaPhase;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is told of an order while the saga goes on, or does not. */
class OutcomesTest {

    private static Office office;

    @BeforeAll
    static void open() {
        office = new Office();
    }

    @AfterAll
    static void close() {
        office.close();
    }

    @BeforeEach
    void clear() {
        office.clear();
    }

    private long retried(UUID id) {
        return office.verbs.carryOut(office.order(id, new ConsoleVerb.Retry())).actionId();
    }

    private ActionState state(long action) {
        return office.outcomes.of(List.of(action)).get(action);
    }

    /** The lines themselves can't be moved into the past, so that orders with hardly any patience are given. */
    private long retriedWithoutPatience(UUID id) {
        return office.verbs
                .carryOut(
                        office.order(id, new ConsoleVerb.Retry()),
                        new Circumstances(null, null, null, Duration.ofMillis(1)))
                .actionId();
    }

    @Test
    void a_retry_is_accepted_then_attempted_then_progressed() {
        long action = retried(office.stuck("all"));
        assertThat(state(action)).isEqualTo(ActionState.ACCEPTED);
        assertThat(office.outcomes.settle(10, Duration.ZERO)).isZero();

        Sent collect = office.depot.takeLast();
        assertThat(state(action)).isEqualTo(ActionState.ATTEMPTED);

        office.orchestration.replies().process(List.of(office.depot.reply(collect, new Collected("van 7"))));
        assertThat(state(action)).isEqualTo(ActionState.PROGRESSED);
        assertThat(office.outcomes.settle(10, Duration.ZERO)).isEqualTo(1);
        assertThat(office.number("select count(*) from saga_console_unsettled")).isZero();
    }

    @Test
    void a_retry_that_runs_into_the_same_failed_again() {
        UUID id = office.stuck("again");
        long action = retried(id);

        office.answer(new Collected("unknown van"));

        assertThat(office.phase(id)).isEqualTo("STUCK");
        assertThat(state(action)).isEqualTo(ActionState.FAILED_AGAIN);
    }

    @Test
    void a_no_is_an_answer() {
        UUID id = office.stuck("no");
        long action = retried(id);

        office.answer(new NotThere());

        assertThat(office.phase(id)).isIn("COMPENSATING", "COMPENSATED");
        assertThat(state(action)).isEqualTo(ActionState.PROGRESSED);
    }

    @Test
    void a_no_to_what_must_succeed_is_no_progress() {
        UUID id = office.start("must");
        office.answer(new Collected("van 7"));
        office.orchestration.sagas().signal("delivery", SagaKey.of("must"), "customs", new Cleared());
        office.answer(new Delivered());
        refused();
        assertThat(office.phase(id)).isEqualTo("STUCK");
        long action = retried(id);

        refused();

        assertThat(office.phase(id)).isEqualTo("STUCK");
        assertThat(state(action)).isEqualTo(ActionState.FAILED_AGAIN);
        long another = retried(id);
        office.answer(new Told());
        assertThat(state(another)).isEqualTo(ActionState.PROGRESSED);
    }

    /** By a participant that answers outside of the contract. */
    private void refused() {
        office.orchestration
                .replies()
                .process(List.of(office.depot.reply(
                        office.depot.takeLast(),
                        ReservedTypes.ACTION_AFTER_COMPENSATION,
                        Outcome.REJECTION,
                        new byte[0])));
    }

    @Test
    void without_a_participant_a_retry_never_turns_green() {
        long action = retriedWithoutPatience(office.stuck("nobody"));
        office.depot.take();

        assertThat(state(action)).isEqualTo(ActionState.NO_EFFECT);
    }

    @Test
    void what_was_settled_stays_whatever_happens_later() {
        UUID id = office.stuck("stays");
        long action = retriedWithoutPatience(id);
        assertThat(office.outcomes.settle(10, Duration.ZERO)).isEqualTo(1);

        office.answer(new Collected("van 7"));

        assertThat(state(action)).isEqualTo(ActionState.NO_EFFECT);
        assertThat(office.lines(id).get(0).state()).isEqualTo(ActionState.NO_EFFECT);
        assertThat(office.lines(id).get(0).settledAt()).isNotNull();
    }

    @Test
    void those_that_were_looked_at_longest_ago_come_first_so_that_none_starves() {
        for (int i = 0; i < 3; i++) {
            retried(office.stuck("open-" + i));
        }
        UUID last = office.stuck("settled");
        long action = retried(last);
        office.answer(new Collected("van 7"));

        assertThat(office.outcomes.settle(3, Duration.ofMillis(1))).isZero();
        assertThat(office.outcomes.settle(3, Duration.ofMillis(1))).isEqualTo(1);

        assertThat(office.lines(last).get(0).id()).isEqualTo(action);
        assertThat(office.lines(last).get(0).state()).isEqualTo(ActionState.PROGRESSED);
    }

    @Test
    void a_step_may_take_as_long_as_it_declares() {
        UUID id = office.stuck("patience");
        long action = retried(id);

        // 5 attempts of a minute, 4 waits of 10 s, and a minute on top
        assertThat(office.number(
                        "select round(extract(epoch from judge_by - at))::bigint from saga_console_action where action_id = ?",
                        action))
                .isEqualTo(5 * 60 + 4 * 10 + 60);
    }

    @Test
    void what_a_later_order_brings_about_does_not_count_for_an_earlier_one() {
        UUID id = office.stuck("later");
        long inVain = retried(id);
        office.answer(new Collected("unknown van"));

        long helped = retried(id);
        office.answer(new Collected("van 7"));

        assertThat(state(inVain)).isEqualTo(ActionState.FAILED_AGAIN);
        assertThat(state(helped)).isEqualTo(ActionState.PROGRESSED);
        assertThat(office.outcomes.settle(10, Duration.ZERO)).isEqualTo(1);
        assertThat(office.lines(id))
                .extracting(line -> line.state())
                .containsExactly(ActionState.PROGRESSED, ActionState.FAILED_AGAIN);
    }

    @Test
    void a_later_order_that_ends_the_saga_ends_also_the_time_of_an_earlier_one() {
        UUID id = office.stuck("ended");
        long nothingYet = retried(id);

        office.verbs.carryOut(office.order(id, new ConsoleVerb.Resolve(SagaPhase.COMPENSATED)));

        assertThat(state(nothingYet)).isEqualTo(ActionState.NO_EFFECT);
    }

    @Test
    void an_order_that_is_refused_or_only_holds_the_saga_takes_nothing_from_an_earlier_one() {
        UUID id = office.stuck("held");
        long action = retried(id);

        office.verbs.carryOut(new VerbOrder(id, new ConsoleVerb.Retry(), Office.BOB, "too late", 0L, null));
        office.verbs.carryOut(office.order(id, new ConsoleVerb.Pause(null)));
        assertThat(state(action).isFinal()).isFalse();
        office.answer(new Collected("van 7"));

        assertThat(state(action)).isEqualTo(ActionState.PROGRESSED);
    }
}
