package io.amends.runtime.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.Background;
import io.amends.runtime.Sent;
import io.amends.runtime.orchestrator.Shop.Done;
import io.amends.runtime.orchestrator.Shop.No;
import io.amends.runtime.orchestrator.Shop.Recall;
import io.amends.runtime.orchestrator.Shop.VisitorSaga;
import io.amends.runtime.wire.InboundRecord;
import io.amends.saga.SagaKey;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What becomes of a child when its parent turns back. */
class SubSagaCompensationsTest extends SubSagaFixture {

    @Test
    void a_parent_that_turns_back_tells_its_unfinished_child_to_turn_back_first() {
        UUID purchase = shipping("p1");
        answer("pack", new Done());
        take("hand-over");
        UUID other = shipping("p2");
        turnBack(other);

        assertThat(phase("shipping", "p2")).isEqualTo("COMPENSATING");
        assertThat(phase(other)).isEqualTo("COMPENSATING");
        answer("unpack", new Done());
        assertThat(phase("shipping", "p2")).isEqualTo("COMPENSATED");
        assertThat(step(other, "ship")).isEqualTo("COMPENSATED");
        answer("release", new Done());
        assertThat(phase(other)).isEqualTo("COMPENSATED");
        assertThat(sagas.find("recall", SagaKey.of("recall-p2"))).isEmpty();
        assertThat(phase(purchase)).isEqualTo("RUNNING");
        assertThat(
                        database.texts(
                                "select detail from saga_history join saga_instance using (saga_id) where event = 'TurnBack' and saga_name = 'shipping'"))
                .containsExactly("step 'ship' of purchase %s is compensated".formatted(other));
    }

    @Test
    void a_completed_child_is_undone_by_another_saga() {
        UUID purchase = completedChild("p1");
        answer("pay", new No());

        assertThat(phase("recall", "recall-p1")).isEqualTo("RUNNING");
        assertThat(saga("recall", "recall-p1").data()).isEqualTo(new Recall("p1"));
        assertThat(open()).containsExactly("call-back");
        answer("call-back", new Done());
        assertThat(phase("recall", "recall-p1")).isEqualTo("COMPLETED");
        assertThat(step(purchase, "ship")).isEqualTo("COMPENSATED");
        answer("release", new Done());
        assertThat(phase(purchase)).isEqualTo("COMPENSATED");
        assertThat(phase("shipping", "p1")).isEqualTo("COMPLETED");
    }

    @Test
    void the_parent_is_stuck_if_what_undoes_its_child_is_compensated_itself() {
        UUID purchase = completedChild("p1");
        answer("pay", new No());
        answer("call-back", new No());

        assertThat(phase("recall", "recall-p1")).isEqualTo("COMPENSATED");
        assertThat(phase(purchase)).isEqualTo("STUCK");
        assertThat(saga(purchase).reasonCode()).isEqualTo("COMPENSATION_FAILED");
        assertThat(saga(purchase).reason()).contains("'ship'").contains("sub-saga-compensated");
    }

    @Test
    void a_child_past_its_point_of_no_return_completes_and_is_undone_then() {
        UUID purchase = shipping("p1");
        answer("pack", new Done());
        answer("hand-over", new Done());
        turnBack(purchase);

        assertThat(phase("shipping", "p1")).isEqualTo("RUNNING");
        assertThat(phase(purchase)).isEqualTo("COMPENSATING");
        assertThat(sagas.find("recall", SagaKey.of("recall-p1"))).isEmpty();
        answer("track", new Done());
        assertThat(phase("shipping", "p1")).isEqualTo("COMPLETED");
        assertThat(open()).containsExactly("call-back");
        answer("call-back", new Done());
        answer("release", new Done());
        assertThat(phase(purchase)).isEqualTo("COMPENSATED");
    }

    @Test
    void a_child_that_turns_back_by_itself_is_awaited_by_the_compensation_too() {
        UUID purchase = shipping("p1");
        answer("pack", new Done());
        orchestration.replies().process(List.of(bench.reply(take("hand-over"), new No())));
        turnBack(purchase);
        answer("unpack", new Done());

        assertThat(step(purchase, "ship")).isEqualTo("COMPENSATED");
        answer("release", new Done());
        assertThat(phase(purchase)).isEqualTo("COMPENSATED");
    }

    @Test
    void a_compensation_before_its_action_undoes_nothing_and_no_child_is_started_later() {
        UUID purchase = buy("p1");
        orchestration.replies().process(List.of(bench.reply(take("reserve"), new Done())));
        List<Sent> late = bench.take();
        turnBack(purchase);
        late.forEach(this::carry);
        carry();

        assertThat(step(purchase, "ship")).isEqualTo("COMPENSATED");
        assertThat(sagas.find("shipping", SagaKey.of("p1"))).isEmpty();
        answer("release", new Done());
        assertThat(phase(purchase)).isEqualTo("COMPENSATED");
    }

    @Test
    void the_end_of_a_child_and_the_compensation_of_its_step_cross_without_harm() {
        UUID purchase = shipping("p1");
        answer("pack", new Done());
        answer("hand-over", new Done());
        orchestration.replies().process(List.of(bench.reply(take("track"), new Done())));
        List<Sent> completed = bench.take();
        turnBack(purchase);
        completed.forEach(this::carry);
        carry();

        assertThat(open()).containsExactly("call-back");
        answer("call-back", new Done());
        answer("release", new Done());
        assertThat(phase(purchase)).isEqualTo("COMPENSATED");
    }

    @Test
    void a_child_that_has_nothing_to_undo_turns_back_at_once_and_answers_at_once() {
        UUID visitor =
                sagas.start(VisitorSaga.class, new Recall("v"), SagaKey.of("v")).sagaId();
        carry();
        turnBack(visitor);

        assertThat(phase("patient", "v")).isEqualTo("COMPENSATED");
        assertThat(phase(visitor)).isEqualTo("COMPENSATED");
        assertThat(database.count("saga_inbox_redelivery")).isZero();
    }

    @Test
    void a_compensation_waits_for_the_end_of_the_child_that_is_being_committed_and_goes_by_it() throws Exception {
        UUID purchase = shipping("p1");
        answer("pack", new Done());
        answer("hand-over", new Done());
        InboundRecord tracked = bench.reply(take("track"), new Done());
        orchestration.operations().compensate(purchase, ORDER);
        Sent compensation = bench.take().get(0);
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch mayCommit = new CountDownLatch(1);
        CompletableFuture<Void> end = Background.run(() -> bench.transaction().executeWithoutResult(status -> {
            orchestration.replies().process(List.of(tracked));
            ended.countDown();
            await(mayCommit);
        }));
        await(ended);
        CompletableFuture<Void> undoing = Background.run(() -> carry(compensation));
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> database.number(
                                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")
                        > 0);
        mayCommit.countDown();
        CompletableFuture.allOf(end, undoing).get(20, TimeUnit.SECONDS);
        carry();

        assertThat(phase("shipping", "p1")).isEqualTo("COMPLETED");
        assertThat(database.count("saga_inbox_redelivery")).isZero();
        assertThat(open()).containsExactly("call-back");
        answer("call-back", new Done());
        answer("release", new Done());
        assertThat(phase(purchase)).isEqualTo("COMPENSATED");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private UUID completedChild(String id) {
        UUID purchase = shipping(id);
        answer("pack", new Done());
        answer("hand-over", new Done());
        answer("track", new Done());
        return purchase;
    }
}
