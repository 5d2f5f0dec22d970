package io.amends.runtime.participant;

import static io.amends.runtime.Bench.again;
import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.Background;
import io.amends.runtime.Sent;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.ReservedTypes;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CompensationBeforeActionTest extends WarehouseFixture {

    @Test
    void a_compensation_before_its_action_undoes_nothing_and_the_action_that_comes_later_is_refused() {
        deliver(release(saga, "o1", 3));

        assertThat(warehouse.calls()).isEmpty();
        Sent answer = bench.take().get(0);
        assertThat(answer.type()).isEqualTo(ReservedTypes.NOTHING_TO_COMPENSATE);
        assertThat(answer.outcome()).isEqualTo("success");
        assertThat(database.texts(
                        "select kind || ' ' || outcome || ' ' || reply_type from saga_inbox_command order by 1"))
                .containsExactly(
                        "action REJECTION amends.action-after-compensation",
                        "compensation SUCCESS amends.nothing-to-compensate");

        InboundRecord action = reserve(saga, "o1", 3);
        deliver(action, again(action));

        assertThat(warehouse.calls()).isEmpty();
        assertThat(database.count("stock_move")).isZero();
        assertThat(database.count("saga_inbox_command")).isEqualTo(2);
        assertThat(bench.take()).hasSize(2).allSatisfy(refusal -> {
            assertThat(refusal.type()).isEqualTo(ReservedTypes.ACTION_AFTER_COMPENSATION);
            assertThat(refusal.outcome()).isEqualTo("rejection");
        });

        deliver(release(saga, "o1", 3));
        assertThat(bench.take().get(0).type()).isEqualTo(ReservedTypes.NOTHING_TO_COMPENSATE);
        assertThat(warehouse.calls()).isEmpty();
    }

    @Test
    void in_one_poll_too_an_action_behind_its_compensation_is_refused() {
        deliver(release(saga, "o1", 3), reserve(saga, "o1", 3), reserve(UUID.randomUUID(), "o2", 1));

        assertThat(warehouse.calls()).containsExactly("reserve o2");
        assertThat(bench.sent().stream().map(Sent::type))
                .containsExactly(
                        ReservedTypes.NOTHING_TO_COMPENSATE, ReservedTypes.ACTION_AFTER_COMPENSATION, "stock-reserved");
    }

    @Test
    void an_action_and_its_compensation_in_one_poll_both_take_effect_once() {
        deliver(reserve(saga, "o1", 3), release(saga, "o1", 3), reserve(saga, "o1", 3), release(saga, "o1", 3));

        assertThat(warehouse.calls()).containsExactly("reserve o1", "release o1");
        assertThat(stock()).isZero();
        assertThat(bench.sent().stream().map(Sent::type))
                .containsExactly("stock-reserved", "stock-released", "stock-reserved", "stock-released");
    }

    @Test
    void a_compensation_of_an_action_that_succeeded_runs_once() {
        deliver(reserve(saga, "o1", 3));
        deliver(release(saga, "o1", 3));
        deliver(release(saga, "o1", 3));

        assertThat(warehouse.calls()).containsExactly("reserve o1", "release o1");
        assertThat(stock()).isZero();
        assertThat(bench.sent().stream().map(Sent::json))
                .containsExactly("{\"shelf\":\"shelf 1\"}", "{\"amount\":3}", "{\"amount\":3}");
    }

    @Test
    void a_compensation_of_a_rejected_action_undoes_nothing() {
        deliver(reserve(saga, "o1", 101));
        deliver(release(saga, "o1", 101));

        assertThat(warehouse.calls()).containsExactly("reserve o1");
        assertThat(stock()).isZero();
        assertThat(bench.sent().stream().map(Sent::type))
                .containsExactly("out-of-stock", ReservedTypes.NOTHING_TO_COMPENSATE);
    }

    @Test
    void a_compensation_waits_for_an_action_that_is_under_way_and_then_undoes_it() throws Exception {
        compensateWhileTheActionIsUnderWay(() -> {});

        assertThat(warehouse.calls()).containsExactly("reserve o1", "release o1");
        assertThat(database.count("stock_move")).isEqualTo(2);
        assertThat(stock()).isZero();
    }

    @Test
    void a_compensation_that_waited_for_an_action_that_threw_refuses_its_redelivery() throws Exception {
        compensateWhileTheActionIsUnderWay(() -> {
            throw new IllegalStateException("the shelf is locked");
        });
        warehouse.noSurprise("o1");
        participant.redelivery().poll();

        assertThat(warehouse.calls()).doesNotContain("release o1");
        assertThat(database.count("stock_move")).isZero();
        assertThat(bench.sent().stream().map(Sent::type))
                .containsExactlyInAnyOrder(
                        ReservedTypes.NOTHING_TO_COMPENSATE, ReservedTypes.ACTION_AFTER_COMPENSATION);
    }

    @Test
    void an_action_that_waits_for_redelivery_is_refused_once_its_compensation_came() {
        warehouse.surprise("o1", () -> {
            throw new IllegalStateException("the shelf is locked");
        });
        deliver(reserve(saga, "o1", 3));
        assertThat(database.count("saga_inbox_redelivery")).isEqualTo(1);
        warehouse.noSurprise("o1");
        deliver(release(saga, "o1", 3));
        int calls = warehouse.calls().size();
        participant.redelivery().poll();

        assertThat(warehouse.calls()).hasSize(calls);
        assertThat(database.count("stock_move")).isZero();
        assertThat(database.count("saga_inbox_redelivery")).isZero();
        assertThat(bench.sent().stream().map(Sent::type))
                .containsExactly(ReservedTypes.NOTHING_TO_COMPENSATE, ReservedTypes.ACTION_AFTER_COMPENSATION);
    }

    private void compensateWhileTheActionIsUnderWay(Runnable end) throws Exception {
        CountDownLatch inHandler = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        warehouse.surprise("o1", () -> {
            if (warehouse.calls().size() == 1) {
                inHandler.countDown();
                await(mayGoOn);
            }
            end.run();
        });
        CompletableFuture<Void> action = Background.run(() -> deliver(reserve(saga, "o1", 3)));
        await(inHandler);
        CompletableFuture<Void> compensation = Background.run(() -> deliver(release(saga, "o1", 3)));
        awaitWaitingForLock();
        mayGoOn.countDown();
        CompletableFuture.allOf(action, compensation).get(20, TimeUnit.SECONDS);
    }
}
