package io.amends.runtime.orchestrator;

import io.amends.runtime.Orders.ChargeCard;
import io.amends.runtime.Orders.ReleaseStock;
import io.amends.runtime.Orders.ReserveStock;
import io.amends.saga.Compensation;
import io.amends.saga.OnCompensated;
import io.amends.saga.OnCompleted;
import io.amends.saga.OnReply;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.Success;
import org.springframework.jdbc.core.JdbcOperations;

/** Local steps between remote ones; each writes a line that names it. What goes wrong is the order's item. */
@Saga(name = "wrap-gift")
class WrapGiftSaga {

    static final String NO_PAPER = "unwrappable";
    static final String THROWS = "throwing";
    static final String STATEMENT_FAILS = "failing";
    static final String FAILURE_IS_CAUGHT = "careless";
    static final String STACK_OVERFLOWS = "endless";
    static final String TEARS = "sharp";
    static final String HOOK_THROWS = "hooked";

    sealed interface WrapReply extends Reply {}

    record Wrapped(String paper) implements WrapReply, Success {}

    record NoPaper() implements WrapReply, Rejection {}

    /** So the start can't know all answers. */
    non-sealed interface OddReply extends WrapReply {}

    /** Forgets to be a {@link Rejection}. */
    record TornPaper() implements OddReply {}

    private final JdbcOperations jdbc;

    WrapGiftSaga(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    static final String REPLY_THROWS = "reply throws";

    @SagaStep(order = 1, name = "reserve-stock", participant = "warehouse")
    ReserveStock reserve(Order order) {
        return new ReserveStock(order.id(), "book", order.amount());
    }

    @Compensation(of = "reserve-stock")
    ReleaseStock release(Order order) {
        return new ReleaseStock(order.id(), "book", order.amount());
    }

    @SagaStep(order = 2, name = "wrap")
    WrapReply wrap(Order order) {
        write("wrapped");
        switch (order.item()) {
            case NO_PAPER -> {
                return new NoPaper();
            }
            case TEARS -> {
                return new TornPaper();
            }
            case THROWS -> throw new IllegalStateException("scissors are gone");
            case STATEMENT_FAILS -> jdbc.execute("select 1 / 0");
            case FAILURE_IS_CAUGHT -> {
                try {
                    jdbc.execute("select 1 / 0");
                } catch (RuntimeException swallowed) {
                    // what careless code does; PostgreSQL has aborted the transaction
                }
            }
            case STACK_OVERFLOWS -> throw new StackOverflowError();
            default -> {
                // all is well
            }
        }
        return new Wrapped("red");
    }

    @OnReply(to = "wrap")
    Order wrapped(Order order, Wrapped reply) {
        if (order.item().equals(REPLY_THROWS)) {
            throw new IllegalStateException("the paper is not red");
        }
        return order.noting(reply.paper());
    }

    @Compensation(of = "wrap")
    void unwrap(Order order) {
        write("unwrapped");
    }

    @SagaStep(order = 3, name = "charge-card", kind = StepKind.PIVOT, participant = "payments")
    ChargeCard charge(Order order) {
        return new ChargeCard(order.id(), order.amount());
    }

    @SagaStep(order = 4, name = "note-sale", kind = StepKind.RETRIABLE)
    Order noteSale(Order order) {
        write("noted");
        return order.noting("sold");
    }

    @OnCompleted
    void completed(Order order) {
        write("completed");
        if (order.item().equals(HOOK_THROWS)) {
            throw new IllegalStateException("the bell is broken");
        }
    }

    @OnCompensated
    void compensated(Order order) {
        write("compensated");
    }

    private void write(String what) {
        jdbc.update("insert into stock_move (order_id, item, amount) values (?, 'book', 0)", what);
    }
}
