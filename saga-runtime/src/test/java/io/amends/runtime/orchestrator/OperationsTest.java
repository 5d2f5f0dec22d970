package io.amends.runtime.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.runtime.Orders.CardCharged;
import io.amends.runtime.Orders.CourierBooked;
import io.amends.runtime.Orders.ReserveStockReply;
import io.amends.runtime.Orders.StockReleased;
import io.amends.runtime.Orders.StockReserved;
import io.amends.runtime.SagaListener;
import io.amends.runtime.SagaOperations;
import io.amends.runtime.SagaOperations.Order;
import io.amends.runtime.SagaOperations.Result;
import io.amends.runtime.Sent;
import io.amends.runtime.wire.ReservedTypes;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.Outcome;
import io.amends.saga.engine.SagaPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What an operator can do, and that it is accounted for. */
class OperationsTest extends OrderFixture {

    private static final Order ORDER = new Order("ann", "the customer called", null);

    private final SagaOperations operations = orchestration.operations();

    private List<String> audit(UUID id) {
        return database.texts(
                "select concat_ws(' ', operator, verb, detail, outcome, phase_before, phase_after) from saga_audit where saga_id = ? order by audit_id",
                id);
    }

    /** After the pivot's attempts are spent. */
    private UUID stuck(String key) {
        UUID id = start(key);
        Sent courier = answer(answer(takeOne(), new StockReserved("A1")), new CardCharged("7"));
        deliver(bench.reply(courier, "courier", ReservedTypes.COMMAND_NOT_UNDERSTOOD, Outcome.ERROR, new byte[0]));
        assertThat(phase(id)).isEqualTo("STUCK");
        return id;
    }

    @Test
    void a_stuck_saga_is_tried_again_and_goes_on() {
        UUID id = stuck("again");

        assertThat(operations.retry(id, ORDER)).isEqualTo(Result.DONE);

        Sent again = takeOne();
        assertThat(again.type()).isEqualTo("book-courier");
        assertThat(phase(id)).isEqualTo("RUNNING");
        assertThat(audit(id)).containsExactly("ann RetryNow DONE STUCK RUNNING");
        deliver(bench.reply(again, new CourierBooked("Monday")));
        assertThat(phase(id)).isEqualTo("COMPLETED");
    }

    @Test
    void the_data_of_a_stuck_saga_is_edited_and_its_commands_made_of_that() {
        UUID id = stuck("edited");
        var before = order(id);
        var after = before.noting("a smaller one");

        assertThat(operations.editAndRetry(id, after, ORDER)).isEqualTo(Result.DONE);

        assertThat(order(id)).isEqualTo(after).isNotEqualTo(before);
        assertThat(takeOne().type()).isEqualTo("book-courier");
        assertThat(audit(id)).containsExactly("ann EditAndRetry DONE STUCK RUNNING");
        assertThat(operations.editAndRetry(id, after, ORDER)).isEqualTo(Result.NOT_ALLOWED);
    }

    @Test
    void what_the_operator_did_not_see_is_not_acted_on() {
        UUID id = stuck("seen");
        long seen = saga(id).revision();
        operations.pause(id, null, ORDER);

        assertThat(operations.retry(id, new Order("bob", "it looks stuck", seen)))
                .isEqualTo(Result.CHANGED_SINCE);
        assertThat(bench.take()).isEmpty();
        assertThat(audit(id)).last().isEqualTo("bob RetryNow CHANGED_SINCE STUCK STUCK");
    }

    @Test
    void a_step_is_taken_as_done_with_a_result() {
        UUID id = start("skip");
        takeOne();

        assertThat(operations.skip(id, "reserve-stock", CommandKind.ACTION, new StockReserved("by hand"), ORDER))
                .isEqualTo(Result.DONE);

        assertThat(order(id).note()).isEqualTo("by hand");
        assertThat(steps(id)).startsWith("reserve-stock SUCCEEDED", "charge-card SENT");
        assertThat(audit(id))
                .containsExactly("ann Skip action of reserve-stock with stock-reserved DONE RUNNING RUNNING");
    }

    @Test
    void a_result_that_the_saga_s_own_code_throws_at_changes_nothing_and_the_audit_says_why() {
        UUID id = start("unfit");
        takeOne();

        assertThat(operations.skip(
                        id,
                        "reserve-stock",
                        CommandKind.ACTION,
                        new StockReserved(PlaceOrderSaga.SHELF_THAT_THROWS),
                        ORDER))
                .isEqualTo(Result.RESULT_NOT_TAKEN);

        assertThat(steps(id)).startsWith("reserve-stock SENT");
        assertThat(audit(id))
                .containsExactly(
                        "ann Skip action of reserve-stock with stock-reserved: the @OnReply method of step 'reserve-stock' threw java.lang.IllegalStateException: no such shelf RESULT_NOT_TAKEN RUNNING RUNNING");
        assertThat(history(id)).last().asString().contains("RESULT_NOT_TAKEN");
    }

    @Test
    void before_the_pivot_a_saga_can_be_turned_back() {
        UUID id = start("cancel");
        Sent charge = answer(takeOne(), new StockReserved("A1"));
        assertThat(charge.type()).isEqualTo("charge-card");

        assertThat(operations.compensate(id, ORDER)).isEqualTo(Result.DONE);

        assertThat(takeOne().type()).isEqualTo("refund-card");
        assertThat(saga(id).reasonCode()).isEqualTo("CANCELLED");
        assertThat(saga(id).reason()).isEqualTo("ann: the customer called");
    }

    @Test
    void after_the_pivot_was_asked_there_is_no_way_back() {
        UUID id = stuck("pivot");

        assertThat(operations.compensate(id, ORDER)).isEqualTo(Result.NOT_ALLOWED);
        assertThat(audit(id)).containsExactly("ann TurnBack NOT_ALLOWED STUCK STUCK");
        assertThat(phase(id)).isEqualTo("STUCK");
    }

    @Test
    void a_saga_is_ended_by_hand_and_takes_no_reply_any_more() {
        UUID id = start("by-hand");
        Sent reserve = takeOne();

        assertThat(operations.resolve(id, SagaPhase.COMPENSATED, ORDER)).isEqualTo(Result.DONE);
        deliver(bench.reply(reserve, new StockReserved("A1")));

        assertThat(phase(id)).isEqualTo("COMPENSATED");
        assertThat(saga(id).reasonCode()).isEqualTo("RESOLVED_BY_HAND");
        assertThat(bench.take()).isEmpty();
        assertThat(operations.retry(id, ORDER)).isEqualTo(Result.NOT_ALLOWED);
        assertThat(operations.resolve(id, SagaPhase.RUNNING, ORDER)).isEqualTo(Result.NOT_ALLOWED);
    }

    @Test
    void a_paused_saga_takes_replies_but_begins_nothing_until_it_is_resumed() {
        UUID id = start("pause");
        Sent reserve = takeOne();
        assertThat(operations.pause(id, null, ORDER)).isEqualTo(Result.DONE);

        deliver(bench.reply(reserve, new StockReserved("A1")));
        timePasses(Duration.ofDays(1));
        assertThat(steps(id)).startsWith("reserve-stock SUCCEEDED", "charge-card PENDING");
        assertThat(bench.take()).isEmpty();

        assertThat(operations.resume(id, ORDER)).isEqualTo(Result.DONE);
        assertThat(takeOne().type()).isEqualTo("charge-card");
    }

    @Test
    void a_pause_ends_by_itself_when_it_was_to() {
        UUID id = start("until");
        Sent reserve = takeOne();
        operations.pause(id, Instant.now().plus(Duration.ofMinutes(1)), ORDER);
        deliver(bench.reply(reserve, new StockReserved("A1")));
        assertThat(bench.take()).isEmpty();

        timePasses(Duration.ofMinutes(2));

        assertThat(takeOne().type()).isEqualTo("charge-card");
    }

    @Test
    void an_extended_deadline_counts_instead_of_the_old_one() {
        UUID id = start("extend");
        assertThat(operations.extendDeadline(id, Instant.now().plus(Duration.ofDays(1)), ORDER))
                .isEqualTo(Result.DONE);

        timePasses(Duration.ofMinutes(11));

        assertThat(phase(id)).isEqualTo("RUNNING");
        timePasses(Duration.ofDays(1));
        assertThat(saga(id).reasonCode()).isEqualTo("DEADLINE_BREACHED");
    }

    @Test
    void an_order_in_the_caller_s_transaction_is_told_of_when_that_has_committed() {
        UUID id = stuck("joined");
        heard.clear();

        bench.transaction().executeWithoutResult(status -> {
            assertThat(operations.retry(id, ORDER)).isEqualTo(Result.DONE);
            assertThat(heard).isEmpty();
        });
        assertThat(heard).extracting(SagaListener.Change::phase).containsExactly(SagaPhase.RUNNING);
        heard.clear();
        bench.transaction().executeWithoutResult(status -> {
            operations.pause(id, null, ORDER);
            status.setRollbackOnly();
        });

        assertThat(heard).isEmpty();
        assertThat(phase(id)).isEqualTo("RUNNING");
    }

    @Test
    void an_order_about_nothing_and_one_without_a_name_are_refused() {
        assertThat(operations.retry(UUID.randomUUID(), ORDER)).isEqualTo(Result.NOT_FOUND);
        assertThatThrownBy(() -> new Order(" ", "why", null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Order("ann", "", null)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_signal_lets_the_waiting_step_go_on_and_is_told_apart_from_one_that_nobody_awaits() {
        UUID id = sagas.start(
                        HolidaySaga.class, io.amends.runtime.orchestrator.Order.of("signal"), SagaKey.of("signal"))
                .sagaId();
        Sent charge = takeOne();
        SagaKey key = SagaKey.of("signal");
        assertThat(sagas.signal("holiday", key, "decision", new HolidaySaga.Granted("boss")))
                .isFalse();
        deliver(bench.reply(charge, new CardCharged("7")));

        assertThat(sagas.signal("holiday", key, "another", new HolidaySaga.Granted("boss")))
                .isFalse();
        assertThat(sagas.signal("holiday", key, "decision", new HolidaySaga.Granted("boss")))
                .isTrue();

        assertThat(order(id).note()).isEqualTo("granted by boss");
        assertThat(takeOne().step()).isEqualTo("settle");
        assertThatThrownBy(() -> sagas.signal("holiday", key, "decision", new StockReleased(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("No step of saga 'holiday' waits for a StockReleased; what is waited for: ");
        assertThatThrownBy(() -> sagas.signal("holiday", SagaKey.of("nobody"), "decision", answer()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no saga 'holiday' with key 'nobody'");
    }

    @Test
    void a_signal_that_is_neither_yes_nor_no_is_refused_and_changes_nothing() {
        SagaKey key = SagaKey.of("odd");
        UUID id = sagas.start(HolidaySaga.class, io.amends.runtime.orchestrator.Order.of("odd"), key)
                .sagaId();
        deliver(bench.reply(takeOne(), new CardCharged("7")));

        assertThatThrownBy(() -> sagas.signal("holiday", key, "decision", new HolidaySaga.Postponed()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "The answer is Postponed, which is neither a Success nor a Rejection. Let it implement Rejection if the answer is no, else Success.");

        assertThat(steps(id)).contains("approve SENT", "settle PENDING");
        assertThat(sagas.signal("holiday", key, "decision", new HolidaySaga.Granted("boss")))
                .isTrue();
    }

    private static ReserveStockReply answer() {
        return new StockReserved("A1");
    }
}
