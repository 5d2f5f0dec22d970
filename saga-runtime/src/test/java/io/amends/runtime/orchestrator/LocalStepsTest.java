package io.amends.runtime.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.runtime.Bench;
import io.amends.runtime.Orders.CardCharged;
import io.amends.runtime.Orders.CardDeclined;
import io.amends.runtime.Orders.StockReleased;
import io.amends.runtime.Orders.StockReserved;
import io.amends.runtime.Sent;
import io.amends.runtime.orchestrator.BasketSaga.Basket;
import io.amends.runtime.wire.InboundRecord;
import io.amends.saga.SagaKey;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalStepsTest extends OrderFixture {

    @Test
    void a_local_step_runs_in_the_transaction_of_the_reply_before_it() {
        Sent reserve = gift("k1", "book");
        bench.watch.forget();
        InboundRecord reply = bench.reply(reserve, new StockReserved("s"));
        deliver(reply);

        assertThat(bench.watch.count("COMMIT")).isEqualTo(1);
        assertThat(written()).containsExactly("wrapped");
        assertThat(order(reserve.sagaId()).note()).isEqualTo("red");
        assertThat(steps(reserve.sagaId()))
                .containsExactly("reserve-stock SUCCEEDED", "wrap SUCCEEDED", "charge-card SENT", "note-sale PENDING");
        deliver(Bench.again(reply));
        assertThat(written()).containsExactly("wrapped");
    }

    @Test
    void what_a_local_step_wrote_is_rolled_back_with_the_transaction_of_the_reply() {
        Sent reserve = gift("k1", "book");
        bench.watch.refuse(sql -> sql.contains("insert into saga_outbox"));
        InboundRecord reply = bench.reply(reserve, new StockReserved("s"));
        assertThatThrownBy(() -> deliver(reply)).isInstanceOf(RuntimeException.class);
        assertThat(written()).isEmpty();

        bench.watch.refuse(sql -> false);
        deliver(reply);
        assertThat(written()).containsExactly("wrapped");
    }

    @Test
    void the_last_steps_and_the_hook_of_a_completed_saga_run_in_the_transaction_of_the_last_reply() {
        Sent charge = answer(gift("k1", "book"), new StockReserved("s"));
        bench.watch.forget();
        deliver(bench.reply(charge, new CardCharged("r")));

        assertThat(bench.watch.count("COMMIT")).isEqualTo(1);
        assertThat(written()).containsExactly("wrapped", "noted", "completed");
        assertThat(phase(charge.sagaId())).isEqualTo("COMPLETED");
        assertThat(order(charge.sagaId()).note()).isEqualTo("sold");
    }

    @Test
    void a_local_compensation_and_the_hook_of_a_compensated_saga_run_in_the_transaction_of_their_replies() {
        Sent charge = answer(gift("k1", "book"), new StockReserved("s"));
        Sent release = answer(charge, new CardDeclined("expired"));
        assertThat(written()).containsExactly("wrapped", "unwrapped");
        assertThat(release.type()).isEqualTo("release-stock");
        deliver(bench.reply(release, new StockReleased(1)));

        assertThat(written()).containsExactly("wrapped", "unwrapped", "compensated");
        assertThat(phase(charge.sagaId())).isEqualTo("COMPENSATED");
    }

    @Test
    void a_local_step_that_rejects_has_its_writes_undone_and_the_saga_compensates() {
        Sent release = answer(gift("k1", WrapGiftSaga.NO_PAPER), new StockReserved("s"));
        assertThat(release.type()).isEqualTo("release-stock");
        assertThat(written()).isEmpty();
        assertThat(steps(release.sagaId())).contains("wrap REJECTED");
    }

    @Test
    void a_local_step_whose_answer_is_neither_yes_nor_no_has_its_writes_undone_and_is_not_tried_again() {
        Sent release = answer(gift("k1", WrapGiftSaga.TEARS), new StockReserved("s"));

        assertThat(release.type()).isEqualTo("release-stock");
        assertThat(written()).isEmpty();
        assertThat(saga(release.sagaId()).reason())
                .isEqualTo(
                        "step 'wrap': the saga itself gave up with TornPaper, which is neither a Success nor a Rejection. Let it implement Rejection if the answer is no, else Success.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                WrapGiftSaga.THROWS,
                WrapGiftSaga.STATEMENT_FAILS,
                WrapGiftSaga.FAILURE_IS_CAUGHT,
                WrapGiftSaga.REPLY_THROWS,
                WrapGiftSaga.STACK_OVERFLOWS
            })
    void a_local_step_that_throws_has_its_writes_undone_and_its_saga_alone_waits_for_another_attempt(String trouble) {
        Sent bad = gift("bad", trouble);
        Sent good = gift("good", "book");
        deliver(bench.reply(bad, new StockReserved("s")), bench.reply(good, new StockReserved("s")));

        assertThat(steps(bad.sagaId())).contains("wrap SENT");
        assertThat(database.texts(
                        "select error is not null and due_at is not null from saga_step where saga_id = ? and step = 'wrap'",
                        bad.sagaId()))
                .containsExactly("t");
        assertThat(steps(good.sagaId())).contains("charge-card SENT");
        assertThat(written()).containsExactly("wrapped");
        assertThat(database.count("saga_inbox_quarantine")).isZero();
    }

    @Test
    void a_local_step_that_throws_until_its_attempts_are_spent_turns_the_saga_back() {
        Sent bad = gift("bad", WrapGiftSaga.THROWS);
        deliver(bench.reply(bad, new StockReserved("s")));
        for (int attempt = 2; attempt <= 10; attempt++) {
            assertThat(phase(bad.sagaId())).isEqualTo("RUNNING");
            timePasses(Duration.ofMinutes(1));
        }

        assertThat(phase(bad.sagaId())).isEqualTo("COMPENSATING");
        assertThat(takeOne().type()).isEqualTo("release-stock");
        assertThat(written()).isEmpty();
    }

    @Test
    void a_hook_that_throws_has_its_writes_undone_and_its_saga_is_stuck_with_the_reason() {
        Sent charge = answer(gift("k1", WrapGiftSaga.HOOK_THROWS), new StockReserved("s"));
        deliver(bench.reply(charge, new CardCharged("r")));

        assertThat(written()).containsExactly("wrapped", "noted");
        assertThat(phase(charge.sagaId())).isEqualTo("STUCK");
        assertThat(saga(charge.sagaId()).reason()).contains("the bell is broken");
    }

    @Test
    void data_that_a_void_method_changed_in_place_is_stored() {
        UUID id = sagas.start(BasketSaga.class, new Basket(), SagaKey.of("k1")).sagaId();
        deliver(bench.reply(takeOne(), new StockReserved("shelf 7")));

        Basket basket = (Basket) saga(id).data();
        assertThat(basket.getShelf()).isEqualTo("shelf 7");
        assertThat(basket.getNotes()).containsExactly("reserved", "noted");
        assertThat(phase(id)).isEqualTo("COMPLETED");
    }

    @Test
    void data_that_a_void_method_changed_before_it_threw_is_as_it_was() {
        UUID id = sagas.start(BasketSaga.class, new Basket(), SagaKey.of("k1")).sagaId();
        Sent reserve = takeOne();
        deliver(bench.reply(reserve, new StockReserved(PlaceOrderSaga.SHELF_THAT_THROWS)));
        assertThat(phase(id)).isEqualTo("STUCK");
        assertThat(((Basket) saga(id).data()).getNotes()).isEmpty();

        deliver(bench.reply(reserve, new StockReserved("shelf 7")));
        assertThat(((Basket) saga(id).data()).getNotes()).containsExactly("reserved", "noted");
    }

    private Sent gift(String key, String item) {
        sagas.start(WrapGiftSaga.class, new Order(key, item, 1, ""), SagaKey.of(key));
        return takeOne();
    }

    /** What local steps and hooks wrote and was committed, in order. */
    private static List<String> written() {
        return database.texts("select order_id from stock_move order by ctid");
    }
}
