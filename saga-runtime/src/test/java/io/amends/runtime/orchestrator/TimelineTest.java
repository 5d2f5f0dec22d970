package io.amends.runtime.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.Bench;
import io.amends.runtime.Orders.CardDeclined;
import io.amends.runtime.Orders.StockReserved;
import io.amends.runtime.SagaQuery;
import io.amends.runtime.Sent;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.ReservedTypes;
import io.amends.runtime.wire.WireHeaders;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the history keeps of messages and of a saga's data. */
class TimelineTest extends OrderFixture {

    private List<String> lines(UUID id, String columns) {
        return database.texts(
                "select concat_ws(' ', %s) from saga_timeline where saga_id = ? order by hlc".formatted(columns), id);
    }

    @Test
    void a_line_tells_where_its_record_was_read() {
        Sent reserve = started("place");
        InboundRecord reply = bench.reply(reserve, new StockReserved("A1"));
        deliver(reply);

        assertThat(lines(reserve.sagaId(), "event, place"))
                .containsExactly(
                        "Started", "Sent", "ReplyReceived saga.place-order.replies-0@" + reply.offset(), "Sent");
    }

    @Test
    void the_line_of_a_reply_names_its_command_and_where_that_was_read() {
        Sent reserve = started("answered");
        deliver(Bench.with(
                bench.reply(reserve, new StockReserved("A1")),
                WireHeaders.COMMAND_PLACE,
                "saga.warehouse.commands-7@1234"));

        assertThat(lines(reserve.sagaId(), "event, command_id, command_place"))
                .containsExactly(
                        "Started",
                        "Sent",
                        "ReplyReceived %s saga.warehouse.commands-7@1234".formatted(reserve.id()),
                        "Sent");
    }

    @Test
    void each_command_that_is_sent_has_a_line_with_its_message_and_finds_its_saga() {
        Sent reserve = started("sent");
        UUID id = reserve.sagaId();
        timePasses(Duration.ofMinutes(2));
        Sent again = takeOne();
        deliver(bench.reply(again, new StockReserved("A1")));
        Sent charge = takeOne();
        deliver(bench.reply(charge, new CardDeclined("no money")));
        Sent release = takeOne();

        assertThat(database.texts(
                        "select concat_ws(' ', step, kind, participant, detail) from saga_timeline where saga_id = ? and event = 'Sent' order by hlc",
                        id))
                .containsExactly(
                        "reserve-stock action warehouse reserve-stock",
                        "reserve-stock action warehouse reserve-stock, attempt 2",
                        "charge-card action payments charge-card",
                        "reserve-stock compensation warehouse release-stock");
        started("another");
        for (Sent sent : List.of(reserve, again, charge, release)) {
            assertThat(sagas.search(SagaQuery.all().withMessage(sent.id())))
                    .extracting(found -> found.sagaId())
                    .containsExactly(id);
        }
    }

    @Test
    void a_command_stands_in_the_line_of_what_caused_it_and_has_a_row_of_its_own_only_from_an_older_process() {
        Sent reserve = started("rows");
        deliver(bench.reply(reserve, new StockReserved("A1")));
        UUID id = reserve.sagaId();
        assertThat(database.texts(
                        "select event || ' ' || sent_step from saga_history where saga_id = ? order by hlc", id))
                .containsExactly("Started reserve-stock", "ReplyReceived charge-card");

        database.jdbc().update("""
                        insert into saga_history (saga_id, hlc, event, step, kind, participant, message_id, disposition, phase, detail)
                        select saga_id, hlc + 1, 'Sent', 'charge-card', 'action', 'payments', ?, 'ACCEPTED', 'RUNNING', 'by an older one'
                          from saga_instance where saga_id = ?""", UUID.randomUUID(), id);

        assertThat(lines(id, "event, step, detail"))
                .containsExactly(
                        "Started",
                        "Sent reserve-stock reserve-stock",
                        "ReplyReceived reserve-stock success stock-reserved",
                        "Sent charge-card charge-card",
                        "Sent charge-card by an older one");
    }

    @Test
    void the_lines_of_commands_cost_no_statement() {
        bench.watch.forget();
        start("cheap");
        List<String> starting = List.copyOf(bench.watch.sent());
        Sent reserve = takeOne();
        bench.watch.forget();
        deliver(bench.reply(reserve, new StockReserved("A1")));

        assertThat(starting).hasSize(3);
        assertThat(bench.watch.sent()).hasSize(5);
    }

    @Test
    void data_is_kept_only_where_that_was_asked_for() {
        Sent reserve = started("not-kept");
        deliver(bench.reply(reserve, new StockReserved("A1")));
        assertThat(database.number("select count(*) from saga_history where data is not null"))
                .isZero();
        takeOne();

        Orchestration keeping = bench.keepingData(registry());
        UUID id = keeping.sagas()
                .start(PlaceOrderSaga.class, Order.of("kept"), SagaKey.of("kept"))
                .sagaId();
        keeping.replies().process(List.of(bench.reply(takeOne(), new StockReserved("A1"))));
        keeping.replies().process(List.of(bench.reply(takeOne(), new CardDeclined("no money"))));

        assertThat(lines(id, "event, convert_from(data, 'UTF8')::json ->> 'note'"))
                .containsExactly("Started ", "Sent", "ReplyReceived A1", "Sent", "ReplyReceived A1", "Sent");
    }

    @Test
    void what_a_participant_tells_of_its_error_stands_at_the_step_and_in_the_history() {
        Sent reserve = started("told");
        InboundRecord error =
                bench.reply(reserve, "warehouse", ReservedTypes.HANDLER_FAILED, Outcome.ERROR, new byte[0]);
        deliver(Bench.with(error, WireHeaders.SAGA_ERROR, "IllegalStateException: no paper\u0000\nat x"));

        String told = "amends.handler-failed: IllegalStateException: no paper at x";
        assertThat(database.texts("select error from saga_step where saga_id = ?", reserve.sagaId()))
                .containsExactly(told);
        assertThat(lines(reserve.sagaId(), "detail")).contains("error " + told);
    }

    @Test
    void where_in_its_code_that_was_thrown_stands_at_the_step_and_what_looks_like_no_code_does_not() {
        Sent reserve = started("thrown");
        InboundRecord error =
                bench.reply(reserve, "warehouse", ReservedTypes.HANDLER_FAILED, Outcome.ERROR, new byte[0]);
        deliver(Bench.with(
                error,
                WireHeaders.SAGA_ERROR_FRAMES,
                "com.shop.Printer.print:7\npassword=1.2 <b>\u0000\ncom.shop.Desk.sell"));

        assertThat(database.texts("select error_frames from saga_step where saga_id = ?", reserve.sagaId()))
                .containsExactly("com.shop.Printer.print:7\ncom.shop.Desk.sell");
    }

    @Test
    void what_is_no_error_tells_none() {
        Sent reserve = started("liar");
        InboundRecord lie = Bench.with(bench.reply(reserve, new StockReserved("A1")), WireHeaders.SAGA_ERROR, "Lie");
        deliver(Bench.with(lie, WireHeaders.SAGA_ERROR_FRAMES, "com.shop.Printer.print:7"));

        assertThat(database.texts(
                        "select error_frames from saga_step where saga_id = ? and error_frames is not null",
                        reserve.sagaId()))
                .isEmpty();

        assertThat(lines(reserve.sagaId(), "detail"))
                .contains("success stock-reserved")
                .noneMatch(line -> line.contains("Lie"));
    }
}
