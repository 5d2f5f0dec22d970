package io.amends.runtime.orchestrator;

import static io.amends.runtime.Bench.again;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.runtime.LogWatch;
import io.amends.runtime.Orders.CardCharged;
import io.amends.runtime.Orders.CardDeclined;
import io.amends.runtime.Orders.CardRefunded;
import io.amends.runtime.Orders.CourierBooked;
import io.amends.runtime.Orders.NoCourier;
import io.amends.runtime.Orders.OutOfStock;
import io.amends.runtime.Orders.StockReleased;
import io.amends.runtime.Orders.StockReserved;
import io.amends.runtime.SagaListener;
import io.amends.runtime.SagaSnapshot;
import io.amends.runtime.Sent;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.ReservedTypes;
import io.amends.runtime.wire.WireHeaders;
import io.amends.saga.engine.Disposition;
import io.amends.saga.engine.Outcome;
import io.amends.saga.engine.SagaPhase;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RepliesTest extends OrderFixture {

    @Test
    void a_reply_moves_the_saga_and_sends_the_next_command_in_one_transaction() {
        Sent reserve = started("k1");
        bench.watch.forget();
        InboundRecord reply = bench.reply(reserve, new StockReserved("shelf 7"));
        deliver(reply);
        assertThat(bench.watch.count("COMMIT")).isEqualTo(1);

        Sent charge = takeOne();
        assertThat(charge.topic()).isEqualTo("saga.payments.commands");
        assertThat(charge.type()).isEqualTo("charge-card");
        assertThat(charge.header(WireHeaders.CAUSATION_ID)).isEqualTo(reply.text(WireHeaders.ID));
        assertThat(charge.header(WireHeaders.SEQUENCE)).isGreaterThan(reserve.header(WireHeaders.SEQUENCE));
        assertThat(Long.parseLong(charge.header(WireHeaders.SAGA_CLOCK)))
                .isGreaterThan(Long.parseLong(String.valueOf(reply.text(WireHeaders.SAGA_CLOCK))));
        UUID id = reserve.sagaId();
        assertThat(order(id).note()).isEqualTo("shelf 7");
        assertThat(steps(id)).containsExactly("reserve-stock SUCCEEDED", "charge-card SENT", "book-courier PENDING");
        assertThat(history(id)).containsExactly("Started ACCEPTED", "ReplyReceived reserve-stock action ACCEPTED");
        assertThat(orchestration.counts().of(Disposition.ACCEPTED)).isEqualTo(1);
    }

    @Test
    void nothing_of_a_reply_remains_if_the_next_command_can_not_be_stored_with_it() {
        Sent reserve = started("k1");
        List<String> before = state();
        bench.watch.refuse(sql -> sql.contains("insert into saga_outbox"));
        InboundRecord reply = bench.reply(reserve, new StockReserved("shelf 7"));
        assertThatThrownBy(() -> deliver(reply)).isInstanceOf(RuntimeException.class);
        assertThat(state()).isEqualTo(before);
        assertThat(database.count("saga_inbox_quarantine")).isZero();

        bench.watch.refuse(sql -> false);
        deliver(reply);
        assertThat(takeOne().type()).isEqualTo("charge-card");
    }

    @Test
    void successes_to_the_end_complete_the_saga() {
        Sent courier = atCourier("k1");
        deliver(bench.reply(courier, new CourierBooked("monday")));

        SagaSnapshot saga = saga(courier.sagaId());
        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPLETED);
        assertThat(saga.reason()).isNull();
        assertThat(saga.steps())
                .extracting(SagaSnapshot.Step::participant)
                .containsExactly("warehouse", "payments", "courier");
        assertThat(bench.sent()).isEmpty();
    }

    @Test
    void a_rejection_is_followed_by_the_compensations_in_reverse_order() {
        Sent courier = atCourier("k1");
        UUID id = courier.sagaId();
        Sent refund = answer(courier, new NoCourier("too far"));
        assertThat(refund.type()).isEqualTo("refund-card");
        assertThat(refund.topic()).isEqualTo("saga.payments.commands");
        assertThat(refund.step()).isEqualTo("charge-card");
        assertThat(refund.header(WireHeaders.SAGA_KIND)).isEqualTo("compensation");
        assertThat(phase(id)).isEqualTo("COMPENSATING");
        assertThat(order(id).note()).isEqualTo("too far");

        Sent release = answer(refund, new CardRefunded());
        assertThat(release.type()).isEqualTo("release-stock");
        assertThat(release.step()).isEqualTo("reserve-stock");

        deliver(bench.reply(release, new StockReleased(1)));
        assertThat(phase(id)).isEqualTo("COMPENSATED");
        assertThat(saga(id).reasonCode()).isEqualTo("REJECTED");
        assertThat(saga(id).reason()).contains("book-courier", "courier", "no-courier");
        assertThat(steps(id))
                .containsExactly("reserve-stock COMPENSATED", "charge-card COMPENSATED", "book-courier REJECTED");
        assertThat(bench.sent()).isEmpty();
    }

    @Test
    void a_rejection_of_the_first_step_compensates_at_once() {
        Sent reserve = started("k1");
        deliver(bench.reply(reserve, new OutOfStock(0)));
        assertThat(phase(reserve.sagaId())).isEqualTo("COMPENSATED");
        assertThat(bench.sent()).isEmpty();
    }

    @Test
    void after_an_error_the_saga_waits_for_its_next_attempt() {
        Sent reserve = started("k1");
        deliver(bench.reply(reserve, "warehouse", ReservedTypes.HANDLER_FAILED, Outcome.ERROR, new byte[0]));
        assertThat(phase(reserve.sagaId())).isEqualTo("RUNNING");
        assertThat(bench.sent()).isEmpty();

        timePasses(Duration.ofSeconds(30));

        assertThat(takeOne().type()).isEqualTo("reserve-stock");
    }

    @Test
    void an_error_that_another_attempt_can_not_mend_turns_the_saga_back_at_once() {
        Sent reserve = started("k1");
        deliver(bench.reply(reserve, "warehouse", ReservedTypes.COMMAND_NOT_UNDERSTOOD, Outcome.ERROR, new byte[0]));
        SagaSnapshot saga = saga(reserve.sagaId());
        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPENSATING);
        assertThat(saga.reasonCode()).isEqualTo("NON_RETRYABLE");
        assertThat(saga.reason()).contains("reserve-stock", "warehouse");
        assertThat(takeOne().type()).isEqualTo("release-stock");
    }

    @Test
    void the_answer_that_there_was_nothing_to_compensate_counts_as_compensated() {
        Sent charge = answer(started("k1"), new StockReserved("s"));
        Sent release = answer(charge, new CardDeclined("expired"));
        deliver(bench.reply(release, "warehouse", ReservedTypes.NOTHING_TO_COMPENSATE, Outcome.SUCCESS, new byte[0]));
        assertThat(phase(release.sagaId())).isEqualTo("COMPENSATED");
    }

    @Test
    void a_duplicate_is_counted_and_changes_nothing_not_even_history() {
        Sent reserve = started("k1");
        InboundRecord reply = bench.reply(reserve, new StockReserved("shelf 7"));
        deliver(reply);
        bench.take();
        List<String> before = state();
        heard.clear();
        deliver(again(reply), again(reply));
        deliver(bench.reply(reserve, new StockReserved("shelf 8")));

        assertThat(state()).isEqualTo(before);
        assertThat(bench.sent()).isEmpty();
        assertThat(history(reserve.sagaId())).hasSize(2);
        assertThat(orchestration.counts().of(Disposition.DUPLICATE)).isEqualTo(3);
        assertThat(heard).isEmpty();
    }

    @Test
    void a_duplicate_within_one_poll_moves_the_saga_once() {
        Sent reserve = started("k1");
        InboundRecord reply = bench.reply(reserve, new StockReserved("shelf 7"));
        deliver(reply, again(reply));
        assertThat(takeOne().type()).isEqualTo("charge-card");
        assertThat(orchestration.counts().of(Disposition.DUPLICATE)).isEqualTo(1);
    }

    @Test
    void replies_to_several_steps_of_one_saga_in_one_poll_are_taken_in_order() {
        Sent reserve = started("k1");
        InboundRecord early = bench.reply(asCharge(reserve), new CardCharged("r"));
        deliver(bench.reply(reserve, new StockReserved("s")), early);
        assertThat(steps(reserve.sagaId()))
                .containsExactly("reserve-stock SUCCEEDED", "charge-card SUCCEEDED", "book-courier SENT");
        assertThat(bench.take().stream().map(Sent::type)).containsExactly("charge-card", "book-courier");
    }

    @Test
    void a_contradicting_reply_is_recorded_and_changes_nothing() {
        Sent reserve = started("k1");
        deliver(bench.reply(reserve, new StockReserved("s")));
        onlyRecords(bench.reply(reserve, new OutOfStock(0)), reserve.sagaId(), Disposition.CONTRADICTORY);
    }

    @Test
    void a_reply_that_nobody_asked_for_is_recorded_and_changes_nothing() {
        Sent reserve = started("k1");
        onlyRecords(bench.reply(asCharge(reserve), new CardCharged("r")), reserve.sagaId(), Disposition.NOT_ASKED);
    }

    @Test
    void a_reply_of_another_participant_than_the_asked_one_is_recorded_and_changes_nothing() {
        Sent reserve = started("k1");
        onlyRecords(
                bench.reply(
                        reserve,
                        "courier",
                        "stock-reserved",
                        Outcome.SUCCESS,
                        bench.codec.encode(new StockReserved("s"))),
                reserve.sagaId(),
                Disposition.WRONG_PARTICIPANT);
    }

    @Test
    void a_reply_to_a_step_that_the_definition_does_not_have_is_recorded_and_changes_nothing() {
        Sent reserve = started("k1");
        Sent other = bench.step(reserve, "reserve-unicorn");
        onlyRecords(bench.reply(other, new StockReserved("s")), reserve.sagaId(), Disposition.UNKNOWN_STEP);
    }

    @Test
    void a_reply_that_changes_its_mind_after_the_end_is_recorded_and_changes_nothing() {
        Sent charge = answer(started("k1"), new StockReserved("s"));
        Sent release = answer(charge, new CardDeclined("expired"));
        deliver(bench.reply(release, new StockReleased(1)));
        onlyRecords(bench.reply(charge, new CardCharged("after all")), charge.sagaId(), Disposition.CONTRADICTORY);
        assertThat(phase(charge.sagaId())).isEqualTo("COMPENSATED");
    }

    @Test
    void repeats_of_everything_after_the_end_change_nothing() {
        Sent reserve = started("k1");
        InboundRecord one = bench.reply(reserve, new StockReserved("s"));
        deliver(one);
        InboundRecord two = bench.reply(takeOne(), new CardCharged("r"));
        deliver(two);
        InboundRecord three = bench.reply(takeOne(), new CourierBooked("monday"));
        deliver(three);
        List<String> before = state();
        deliver(again(three), again(one), again(two), again(one));
        deliver(again(two));

        assertThat(state()).isEqualTo(before);
        assertThat(bench.sent()).isEmpty();
    }

    @Test
    void saga_code_that_throws_makes_its_saga_stuck_and_the_same_reply_may_come_again() {
        Sent reserve = started("k1");
        Sent other = started("k2");
        try (LogWatch log = LogWatch.of("io.amends.runtime.stuck")) {
            deliver(
                    bench.reply(reserve, new StockReserved(PlaceOrderSaga.SHELF_THAT_THROWS)),
                    bench.reply(other, new StockReserved("s")));
            assertThat(log.lines())
                    .containsExactly(
                            "WARN Saga %s (place-order) is STUCK with NON_RETRYABLE and waits for an operator; its reason is in saga_instance and on the console"
                                    .formatted(reserve.sagaId()));
        }
        assertThat(phase(reserve.sagaId())).isEqualTo("STUCK");
        assertThat(saga(reserve.sagaId()).reason()).contains("no such shelf");
        assertThat(steps(other.sagaId())).contains("charge-card SENT");
        bench.take();

        deliver(bench.reply(reserve, new StockReserved("s")));
        assertThat(phase(reserve.sagaId())).isEqualTo("RUNNING");
        assertThat(takeOne().type()).isEqualTo("charge-card");
    }

    @Test
    void listeners_are_told_after_the_commit_and_one_that_throws_does_no_harm() {
        StringBuilder seen = new StringBuilder();
        Orchestration told = orchestration(
                changes -> {
                    throw new IllegalStateException("careless listener");
                },
                changes -> changes.forEach(
                        change -> seen.append(change.key()).append(' ').append(committedPhase(change))));
        Sent reserve = started("k1");
        told.replies().process(List.of(bench.reply(reserve, new OutOfStock(0))));
        assertThat(seen).hasToString("k1 COMPENSATED");
        assertThat(phase(reserve.sagaId())).isEqualTo("COMPENSATED");
    }

    @Test
    void listeners_are_not_told_of_a_transaction_that_did_not_commit() {
        Sent reserve = started("k1");
        heard.clear();
        bench.watch.refuse(sql -> sql.contains("insert into saga_outbox"));
        assertThatThrownBy(() -> deliver(bench.reply(reserve, new StockReserved("s"))))
                .isInstanceOf(RuntimeException.class);
        assertThat(heard).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Outcome.class,
            names = {"SUCCESS", "REJECTION"})
    void a_reply_for_a_saga_that_is_not_here_is_quarantined(Outcome outcome) {
        Sent reserve = started("k1");
        database.clear();
        InboundRecord reply = bench.reply(
                reserve, "warehouse", "stock-reserved", outcome, bench.codec.encode(new StockReserved("s")));
        deliver(reply);
        assertThat(database.row("select * from saga_inbox_quarantine"))
                .containsEntry("reason_code", "UNKNOWN_SAGA")
                .containsEntry("payload", reply.value());
    }

    /** What a fresh connection sees at the time of the call. */
    private String committedPhase(SagaListener.Change change) {
        return database.texts("select phase from saga_instance where saga_id = ?", change.sagaId())
                .get(0);
    }

    private void onlyRecords(InboundRecord reply, UUID saga, Disposition disposition) {
        bench.take();
        SagaSnapshot before = saga(saga);
        int lines = history(saga).size();
        deliver(reply);

        SagaSnapshot after = saga(saga);
        assertThat(after.phase()).isEqualTo(before.phase());
        assertThat(after.data()).isEqualTo(before.data());
        assertThat(after.steps()).isEqualTo(before.steps());
        assertThat(bench.sent()).isEmpty();
        assertThat(history(saga)).hasSize(lines + 1).last().asString().endsWith(disposition.name());
        assertThat(orchestration.counts().of(disposition)).isEqualTo(1);
    }

    private Sent atCourier(String key) {
        Sent charge = answer(started(key), new StockReserved("s"));
        return answer(charge, new CardCharged("receipt"));
    }

    /** The command that the saga will send to the bank, before it has. */
    private Sent asCharge(Sent reserve) {
        Sent step = bench.step(reserve, "charge-card");
        return new Sent(step.id(), "saga.payments.commands", step.key(), "charge-card", step.payload(), step.headers());
    }
}
