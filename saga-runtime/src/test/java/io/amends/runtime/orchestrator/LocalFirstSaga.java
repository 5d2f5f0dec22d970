package io.amends.runtime.orchestrator;

import io.amends.runtime.Orders.ReserveStock;
import io.amends.saga.Compensation;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import org.springframework.jdbc.core.JdbcOperations;

/** Begins with a local step, which therefore runs in the transaction of the start. */
@Saga(name = "local-first")
class LocalFirstSaga {

    private final JdbcOperations jdbc;

    LocalFirstSaga(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    @SagaStep(order = 1, name = "note-order")
    Order note(Order order) {
        jdbc.update("insert into stock_move (order_id, item, amount) values (?, 'book', 0)", order.id());
        return order.noting("noted");
    }

    @Compensation(of = "note-order")
    void forget(Order order) {
        jdbc.update("delete from stock_move where order_id = ?", order.id());
    }

    @SagaStep(order = 2, name = "reserve-stock", kind = StepKind.PIVOT, participant = "warehouse")
    ReserveStock reserve(Order order) {
        return new ReserveStock(order.id(), order.item(), order.amount());
    }
}
