package io.amends.runtime.participant;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.Orders.ReleaseStock;
import io.amends.runtime.Orders.ReserveStock;
import io.amends.runtime.Orders.ReserveStockReply;
import io.amends.runtime.Orders.StockReleased;
import io.amends.runtime.Orders.StockReserved;
import io.amends.runtime.Sent;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.ReservedTypes;
import io.amends.saga.CommandHandler;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A command that breaks the transaction it shares with others of its poll is given up alone. */
class OneBadCommandTest extends WarehouseFixture {

    @Test
    void a_handler_whose_writes_are_refused_at_the_commit_does_not_hold_up_others() {
        givesUpAlone(reserve(saga, "bad", "unicorn", 1));
    }

    @Test
    void a_handler_that_caught_a_failed_statement_and_went_on_does_not_hold_up_others() {
        warehouse.surprise("bad", this::failAndCatch);
        givesUpAlone(reserve(saga, "bad", 1));
    }

    @Test
    void likewise_where_the_command_can_not_be_rejected() {
        warehouse.surprise("bad", this::failAndCatch);
        givesUpAlone(putBack(saga, "bad", 1));
    }

    @Test
    void a_handler_that_runs_into_a_limit_of_the_database_does_not_hold_up_others() {
        database.jdbc().execute("create unique index if not exists stock_move_order on stock_move (order_id, item)");
        try {
            String tooLong = new Random(7)
                    .ints(9_000, 'a', 'z' + 1)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            givesUpAlone(reserve(saga, tooLong, 1));
        } finally {
            database.jdbc().execute("drop index stock_move_order");
        }
    }

    @Test
    void a_handler_whose_statement_takes_too_long_does_not_hold_up_others() {
        warehouse.surprise("bad", () -> {
            bench.jdbc.execute("set local statement_timeout = 50");
            bench.jdbc.execute("select pg_sleep(10)");
        });
        givesUpAlone(reserve(saga, "bad", 1));
    }

    @Test
    void a_reply_that_is_too_large_to_be_sent_does_not_hold_up_others() {
        Participant talkative = bench.participant("warehouse", new TalkativeWarehouse(), AT_ONCE);
        givesUpAlone(talkative, reserve(saga, "bad", 1));
    }

    private void givesUpAlone(InboundRecord bad) {
        givesUpAlone(participant, bad);
    }

    /** The bad one is answered with an error in the end, and its neighbours are carried out before that. */
    private void givesUpAlone(Participant participant, InboundRecord bad) {
        participant.process(
                List.of(putBack(UUID.randomUUID(), "before", 1), bad, putBack(UUID.randomUUID(), "after", 1)));
        assertThat(bench.take().stream().map(Sent::type)).containsExactly("stock-released", "stock-released");
        assertThat(database.number("select attempts from saga_inbox_redelivery"))
                .isEqualTo(1);

        participant.redelivery().poll();
        participant.redelivery().poll();
        assertThat(bench.sent().stream().map(Sent::type)).containsExactly(ReservedTypes.HANDLER_FAILED);
        assertThat(database.number("select count(*) from saga_inbox_command where saga_id = ?", saga))
                .isZero();
    }

    private void failAndCatch() {
        try {
            bench.jdbc.execute("select 1 / 0");
        } catch (RuntimeException swallowed) {
            // what a careless handler does; PostgreSQL has aborted the transaction
        }
    }

    /** Says more than a message may hold, of one command. */
    static final class TalkativeWarehouse {

        @CommandHandler
        ReserveStockReply reserve(ReserveStock command) {
            return new StockReserved("x".repeat(30_000));
        }

        @CommandHandler
        StockReleased release(ReleaseStock command) {
            return new StockReleased(1);
        }
    }
}
