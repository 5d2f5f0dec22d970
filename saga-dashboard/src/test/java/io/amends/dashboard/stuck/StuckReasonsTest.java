package io.amends.dashboard.stuck;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.Deliveries.BroughtBack;
import io.amends.dashboard.Deliveries.Cleared;
import io.amends.dashboard.Deliveries.Collected;
import io.amends.dashboard.Deliveries.Forbidden;
import io.amends.dashboard.Deliveries.NotThere;
import io.amends.dashboard.Deliveries.Parcel;
import io.amends.dashboard.Deliveries.Refused;
import io.amends.dashboard.Deliveries.Told;
import io.amends.dashboard.Depot.Sent;
import io.amends.runtime.flow.FlowControl;
import io.amends.runtime.flow.FlowSettings;
import io.amends.runtime.flow.SagaFlow;
import io.amends.runtime.flow.Traffic;
import io.amends.runtime.orchestrator.Orchestration;
import io.amends.runtime.wire.ReservedTypes;
import io.amends.saga.SagaKey;
import io.amends.saga.definition.SagaRegistry;
import io.amends.saga.engine.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.support.JdbcTransactionManager;

/**
 * Each reason comes about as it does in the runtime: the real engine moves real sagas, and time passes. Beside each stands
 * what looks alike and must not alarm.
 */
class StuckReasonsTest extends StuckFixture {

    @Test
    void what_runs_has_ended_or_goes_back_is_not_stuck() {
        UUID running = start("delivery");
        depot.take();
        UUID compensating = atCustoms();
        decide(compensating, new Forbidden());
        assertThat(reason(compensating)).isEmpty();
        answer(new BroughtBack());
        UUID over = atTelling();
        answer(new Told());
        depot.timePasses(SECOND);

        assertThat(all()).isEmpty();
        assertThat(List.of(running, compensating, over))
                .extracting(id ->
                        orchestration.sagas().find(id).orElseThrow().phase().name())
                .containsExactly("RUNNING", "COMPENSATED", "COMPLETED");
    }

    @Test
    void a_compensation_whose_attempts_are_spent_is_critical_since_it_gave_up() {
        UUID id = start("delivery");
        Sent collect = depot.takeLast();
        orchestration.replies().process(List.of(depot.reply(collect, new Collected("van 7"))));
        decide(id, new Forbidden());
        later(MINUTE);
        assertThat(reason(id)).isEmpty();
        later(MINUTE);

        assertThat(reason(id)).contains(StuckReason.COMPENSATION_FAILED);
        depot.timePasses(HOUR);
        // A contradiction is noted and changes the row, but not since when it is stuck.
        orchestration.replies().process(List.of(depot.reply(collect, new NotThere())));
        assertThat(stuckFor(id)).isBetween(HOUR, HOUR.plus(MINUTE));
        StuckSaga saga = stuck(id);
        assertThat(saga.step()).isEqualTo("collect");
        assertThat(saga.participant()).isEqualTo("vans");
        assertThat(saga.text()).contains("the compensation of step 'collect'");
    }

    @Test
    void a_step_without_a_way_back_whose_attempts_are_spent_has_exhausted_its_retries() {
        UUID id = atDelivery();
        later(HOUR);
        assertThat(reason(id)).isEmpty();
        later(HOUR);

        assertThat(reason(id)).contains(StuckReason.RETRIES_EXHAUSTED);
        assertThat(stuck(id).step()).isEqualTo("deliver");
    }

    @Test
    void a_permanent_error_and_code_that_throws_are_not_retryable() {
        UUID permanent = atDelivery();
        error(ReservedTypes.HANDLER_FAILED_FOR_GOOD);
        UUID thrown = start("delivery");
        answer(new Collected("unknown van"));

        assertThat(reason(permanent)).contains(StuckReason.NON_RETRYABLE);
        assertThat(reason(thrown)).contains(StuckReason.NON_RETRYABLE);
        assertThat(stuck(thrown).text()).contains("no such van");
    }

    @Test
    void a_rejection_that_turns_the_saga_back_is_no_reason_to_be_stuck() {
        UUID id = atDelivery();
        answer(new Refused());

        assertThat(reason(id)).isEmpty();
    }

    @Test
    void a_deadline_that_passes_after_the_pivot_was_asked_parks_the_saga() {
        UUID id = atDelivery();
        depot.jdbc.update("update saga_instance set deadline_at = clock_timestamp(), due_at = clock_timestamp()");
        orchestration.timers().look();

        assertThat(reason(id)).contains(StuckReason.DEADLINE_BREACHED);
    }

    @Test
    void a_saga_that_goes_on_after_its_deadline_is_told_and_no_longer_once_it_has_more_time() {
        UUID id = start("errand");
        depot.take();
        later(Duration.ofMinutes(9));
        assertThat(reason(id)).isEmpty();
        later(Duration.ofMinutes(2));
        assertThat(reason(id)).contains(StuckReason.DEADLINE_BREACHED);
        assertThat(stuckFor(id)).isBetween(MINUTE, MINUTE.multipliedBy(2));

        orchestration.operations().extendDeadline(id, Instant.now().plus(HOUR), ORDER);

        assertThat(reason(id)).isEmpty();
    }

    @Test
    void a_reply_that_may_still_come_by_the_steps_own_times_is_not_overdue() {
        UUID id = atDelivery();
        depot.take();
        depot.timePasses(Duration.ofMinutes(59));

        assertThat(reason(id)).isEmpty();
    }

    @Test
    void a_step_that_is_tried_without_end_is_overdue_after_all_attempts_and_waits() {
        UUID id = atTelling();
        depot.take();
        later(MINUTE);
        assertThat(reason(id)).isEmpty();
        later(MINUTE);
        assertThat(reason(id)).contains(StuckReason.HOT_RETRY);
        later(MINUTE);
        assertThat(reason(id)).contains(StuckReason.HOT_RETRY);
        // Two attempts of a minute, ten seconds between them, and a minute of lag.
        later(Duration.ofSeconds(15));

        assertThat(reason(id)).contains(StuckReason.REPLY_OVERDUE);
        assertThat(stuck(id).participant()).isEqualTo("mail");
    }

    @Test
    void an_operators_retry_gives_the_step_its_whole_time_again() {
        UUID id = atTelling();
        for (int i = 0; i < 4; i++) {
            later(MINUTE);
        }
        depot.take();
        assertThat(reason(id)).contains(StuckReason.REPLY_OVERDUE);

        orchestration.operations().retry(id, ORDER);
        depot.take();

        assertThat(reason(id)).isEmpty();
    }

    @Test
    void a_step_that_is_tried_for_the_third_time_is_hot() {
        UUID id = start("delivery");
        later(MINUTE);
        depot.take();
        assertThat(reason(id)).isEmpty();
        later(MINUTE);
        depot.take();

        assertThat(reason(id)).contains(StuckReason.HOT_RETRY);
        assertThat(stuck(id).attempts()).isEqualTo(3);
        orchestration.operations().retry(id, ORDER);
        answer(new Collected("van 7"));
        assertThat(reason(id)).isEmpty();
    }

    @Test
    void errors_of_a_step_that_is_tried_without_end_are_hot_and_not_a_missing_reply() {
        UUID id = atTelling();
        for (int i = 0; i < 5; i++) {
            error(ReservedTypes.HANDLER_FAILED);
            later(MINUTE);
        }
        error(ReservedTypes.HANDLER_FAILED);

        assertThat(reason(id)).contains(StuckReason.HOT_RETRY);
        assertThat(stuck(id).text()).isEqualTo(ReservedTypes.HANDLER_FAILED);
    }

    @Test
    void somebody_who_is_expected_to_decide_is_late_after_the_steps_sla() {
        UUID id = atCustoms();
        later(DAY.minus(MINUTE));
        assertThat(reason(id)).isEmpty();
        later(HOUR);
        assertThat(reason(id)).contains(StuckReason.WAITING_PERSON_OVERDUE);
        assertThat(stuckFor(id)).isBetween(HOUR.minus(MINUTE).minus(SECOND), HOUR);

        decide(id, new Cleared());
        depot.take();

        assertThat(reason(id)).isEmpty();
    }

    @Test
    void a_question_that_is_asked_again_without_end_is_late_after_the_first_time() {
        UUID id = start("inquiry");
        later(DAY.minus(MINUTE));
        assertThat(reason(id)).isEmpty();
        later(HOUR);
        assertThat(reason(id)).contains(StuckReason.WAITING_PERSON_OVERDUE);
    }

    @Test
    void what_is_due_and_done_by_nobody_has_no_owner() {
        UUID id = start("delivery");
        depot.take();
        depot.timePasses(Duration.ofSeconds(90));
        // Half a minute late, as timers may be.
        assertThat(reason(id)).isEmpty();
        depot.timePasses(MINUTE);

        assertThat(reason(id)).contains(StuckReason.NO_LIVE_OWNER);
        assertThat(stuckFor(id)).isBetween(Duration.ofSeconds(89), Duration.ofSeconds(119));
        orchestration.timers().look();
        depot.take();
        assertThat(reason(id)).isEmpty();
    }

    @Test
    void what_no_process_can_move_on_has_no_owner_although_it_is_tried_later_again() {
        UUID id = start("delivery");
        depot.take();
        depot.jdbc.update("update saga_instance set data = 'garbage'");
        for (int i = 0; i < 3; i++) {
            assertThat(reason(id)).isEmpty();
            depot.timePasses(MINUTE);
            orchestration.timers().look();
        }

        assertThat(reason(id)).contains(StuckReason.NO_LIVE_OWNER);
    }

    @Test
    void a_message_that_lies_in_the_outbox_blocks_its_saga_once_it_is_old() {
        UUID id = start("delivery");
        depot.timePasses(Duration.ofSeconds(30));
        assertThat(reason(id)).isEmpty();
        depot.timePasses(Duration.ofSeconds(31));
        orchestration.timers().look();

        assertThat(reason(id)).contains(StuckReason.OUTBOX_BLOCKED);
        depot.take();
        assertThat(reason(id)).isEmpty();
    }

    @Test
    void a_message_that_kafka_refuses_blocks_its_saga_at_once() {
        UUID id = start("delivery");
        // What the relay's parking lot does.
        depot.jdbc.update("""
                with gone as (delete from saga_outbox returning *)
                insert into saga_parked (position, id, aggregatetype, aggregateid, type, payload, headers, bucket, xid,
                                         created_at, reason_code, reason)
                select position, id, aggregatetype, aggregateid, type, payload, headers, bucket, xid, created_at,
                       'RECORD_TOO_LARGE', 'too large' from gone""");
        depot.jdbc.update("""
                insert into saga_parked_key (aggregatetype, aggregateid, bucket, blocked_by)
                select aggregatetype, aggregateid, bucket, position from saga_parked""");
        depot.jdbc.update("""
                insert into saga_parked_key (aggregatetype, aggregateid, bucket, blocked_by)
                values ('orders', 'no saga', 1, 1), ('saga.vans.commands', 'not an id', 1, 1)""");

        assertThat(reason(id)).contains(StuckReason.OUTBOX_BLOCKED);
        depot.jdbc.update("update saga_parked_key set blocked_by = null");
        assertThat(reason(id)).isEmpty();
    }

    @Test
    void a_version_that_no_living_process_has_is_told_once_a_deployment_would_be_over() {
        UUID id = atCustoms();
        depot.take();
        depot.node("old", depot.registry).sign();
        depot.node("old", depot.registry).leave();
        depot.node("new", SagaRegistry.of(List.of(), Map.of())).sign();
        assertThat(reason(id)).isEmpty();

        depot.jdbc.update("update saga_node set alive_until = alive_until - interval '3 minutes' where node = 'old'");
        assertThat(reason(id)).contains(StuckReason.NO_HANDLER_VERSION);

        depot.node("newer", depot.registry).sign();
        assertThat(reason(id)).isEmpty();
    }

    @Test
    void no_process_at_all_is_not_a_missing_version() {
        UUID id = atCustoms();
        depot.take();
        depot.node("old", depot.registry).sign();
        depot.timePasses(HOUR);

        assertThat(reason(id)).isEmpty();
    }

    @Test
    void a_reply_that_waits_for_a_version_is_told_until_a_process_takes_it() {
        UUID id = start("delivery");
        Orchestration without = depot.orchestration(SagaRegistry.of(List.of(), Map.of()), Traffic.FREE);
        without.replies().process(List.of(depot.reply(depot.takeLast(), new Collected("van 7"))));

        assertThat(reason(id)).contains(StuckReason.NO_HANDLER_VERSION);
        orchestration.timers().look();
        assertThat(reason(id)).isEmpty();
    }

    @Test
    void a_reply_that_could_not_be_read_is_told_as_long_as_the_step_is_open() {
        UUID id = start("delivery");
        Sent command = depot.takeLast();
        orchestration.replies().process(List.of(depot.reply(command, "collected", Outcome.SUCCESS, new byte[] {1, 2, 3
        })));
        assertThat(reason(id)).contains(StuckReason.QUARANTINED_MESSAGE);

        orchestration.replies().process(List.of(depot.reply(command, new Collected("van 7"))));

        assertThat(reason(id)).isEmpty();
    }

    @Test
    void a_paused_saga_is_not_stuck_until_the_end_of_the_pause_was_missed() {
        UUID id = atTelling();
        for (int i = 0; i < 4; i++) {
            later(MINUTE);
        }
        depot.take();
        orchestration.operations().pause(id, Instant.now().plus(HOUR), ORDER);
        assertThat(reason(id)).isEmpty();
        depot.timePasses(HOUR.plusSeconds(30));
        assertThat(reason(id)).isEmpty();
        depot.timePasses(MINUTE);

        assertThat(reason(id)).contains(StuckReason.NO_LIVE_OWNER);
    }

    @Test
    void a_step_that_waits_for_a_participant_is_overdue_after_its_own_time_unless_an_operator_holds_the_participant() {
        FlowControl flow = new FlowControl(depot.jdbc, new JdbcTransactionManager(depot.pool()), FlowSettings.DEFAULT);
        flow.operations().hold("vans", new SagaFlow.Order("ann", "they are on strike"));
        flow.look(FlowControl.Admission.NONE);
        UUID id = depot.orchestration(depot.registry, flow)
                .sagas()
                .start("delivery", Parcel.of("h"), SagaKey.of("held"))
                .sagaId();
        assertThat(depot.take()).isEmpty();
        depot.timePasses(Duration.ofMinutes(10));
        assertThat(reason(id)).isEmpty();

        depot.jdbc.update("update saga_participant_flow set held_by = null, held_reason = null, held_at = null");

        // Five attempts of a minute and four waits of ten seconds.
        assertThat(reason(id)).contains(StuckReason.REPLY_OVERDUE);
        assertThat(stuck(id).participant()).isEqualTo("vans");
        assertThat(stuckFor(id)).isBetween(Duration.ofSeconds(259), Duration.ofSeconds(289));
    }
}
