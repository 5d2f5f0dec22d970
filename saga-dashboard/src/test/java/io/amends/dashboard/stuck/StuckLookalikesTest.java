package io.amends.dashboard.stuck;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.Deliveries.Cleared;
import io.amends.dashboard.Deliveries.Collected;
import io.amends.runtime.SagaOperations.Order;
import io.amends.saga.definition.SagaRegistry;
import io.amends.saga.engine.SagaPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What looks like a reason and is none; each has let a mutation of the statement live once. */
class StuckLookalikesTest extends StuckFixture {

    @Test
    void what_is_stuck_and_paused_is_not_listed() {
        UUID id = start("delivery");
        answer(new Collected("unknown van"));
        assertThat(reason(id)).contains(StuckReason.NON_RETRYABLE);

        orchestration.operations().pause(id, null, new Order("ann", "wait for the police", null));

        assertThat(reason(id)).isEmpty();
    }

    @Test
    void a_saga_that_began_after_its_version_was_gone_is_stuck_since_it_began() {
        depot.node("old", depot.registry).sign();
        depot.jdbc.update("update saga_node set alive_until = clock_timestamp() - interval '1 hour'");
        depot.node("new", SagaRegistry.of(List.of(), Map.of())).sign();
        UUID id = start("delivery");
        depot.take();

        assertThat(reason(id)).contains(StuckReason.NO_HANDLER_VERSION);
        assertThat(inbox.verdict(id).map(StuckInbox.Verdict::since))
                .hasValueSatisfying(
                        since -> assertThat(since).isAfter(Instant.now().minus(MINUTE)));
    }

    @Test
    void a_message_of_the_application_that_has_the_same_key_and_is_refused_blocks_no_saga() {
        UUID id = start("delivery");
        depot.take();
        depot.jdbc.update(
                "insert into saga_parked_key (aggregatetype, aggregateid, bucket, blocked_by) values ('orders', ?, 1, 1)",
                id.toString());

        assertThat(reason(id)).isEmpty();
    }

    @Test
    void a_young_message_behind_an_old_one_of_its_lane_is_not_late_itself() {
        UUID old = start("delivery");
        depot.jdbc.update("update saga_outbox set bucket = 0");
        depot.timePasses(Duration.ofSeconds(61));
        // The timers look, so that nothing else is late.
        orchestration.timers().look();
        UUID young = start("delivery");
        depot.jdbc.update("update saga_outbox set bucket = 0");

        assertThat(reason(old)).contains(StuckReason.OUTBOX_BLOCKED);
        assertThat(reason(young)).isEmpty();
    }

    @Test
    void a_timer_has_its_minute_also_where_an_earlier_one_of_the_saga_is_long_over() {
        UUID id = start("delivery");
        answer(new Collected("van 7"));
        decide(id, new Cleared());
        depot.take();
        assertThat(depot.jdbc.queryForObject(
                        "select due_at < clock_timestamp() + interval '2 minutes' from saga_instance", Boolean.class))
                .isTrue();

        depot.timePasses(HOUR.plusSeconds(30));
        assertThat(reason(id)).isEmpty();
        depot.timePasses(MINUTE);

        assertThat(reason(id)).contains(StuckReason.NO_LIVE_OWNER);
    }

    @Test
    void what_an_operator_ended_is_over_whoever_was_expected_to_decide() {
        UUID id = start("delivery");
        answer(new Collected("van 7"));
        orchestration.operations().resolve(id, SagaPhase.COMPLETED, new Order("ann", "cleared by phone", null));

        depot.timePasses(Duration.ofDays(2));

        assertThat(reason(id)).isEmpty();
    }

    @Test
    void a_saga_that_turned_back_at_its_deadline_is_not_in_breach_of_it() {
        UUID id = start("delivery");
        depot.take();
        depot.jdbc.update("update saga_instance set deadline_at = clock_timestamp(), due_at = clock_timestamp()");
        orchestration.timers().look();
        depot.take();

        assertThat(orchestration.sagas().find(id).orElseThrow().phase().name()).isEqualTo("COMPENSATING");
        assertThat(reason(id)).isEmpty();
    }
}
