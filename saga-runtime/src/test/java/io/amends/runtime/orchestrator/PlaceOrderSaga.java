package io.amends.runtime.orchestrator;

import io.amends.runtime.Orders.BookCourier;
import io.amends.runtime.Orders.CardCharged;
import io.amends.runtime.Orders.ChargeCard;
import io.amends.runtime.Orders.NoCourier;
import io.amends.runtime.Orders.RefundCard;
import io.amends.runtime.Orders.ReleaseStock;
import io.amends.runtime.Orders.ReserveStock;
import io.amends.runtime.Orders.StockReserved;
import io.amends.saga.Compensation;
import io.amends.saga.OnReply;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;

/** Three remote steps; two of them can be compensated. */
@Saga(name = "place-order", deadline = "10m")
class PlaceOrderSaga {

    static final String SHELF_THAT_THROWS = "shelf that makes the saga's code throw";

    @SagaStep(order = 1, name = "reserve-stock", participant = "warehouse")
    ReserveStock reserve(Order order) {
        return new ReserveStock(order.id(), order.item(), order.amount());
    }

    @OnReply(to = "reserve-stock")
    Order reserved(Order order, StockReserved reply) {
        if (reply.shelf().equals(SHELF_THAT_THROWS)) {
            throw new IllegalStateException("no such shelf");
        }
        return order.noting(reply.shelf());
    }

    @Compensation(of = "reserve-stock")
    ReleaseStock release(Order order) {
        return new ReleaseStock(order.id(), order.item(), order.amount());
    }

    @SagaStep(order = 2, name = "charge-card", participant = "payments")
    ChargeCard charge(Order order) {
        return new ChargeCard(order.id(), order.amount());
    }

    @OnReply(to = "charge-card")
    Order charged(Order order, CardCharged reply) {
        return order.noting(reply.receipt());
    }

    @Compensation(of = "charge-card")
    RefundCard refund(Order order) {
        return new RefundCard(order.id());
    }

    @SagaStep(order = 3, name = "book-courier", kind = StepKind.PIVOT, participant = "courier")
    BookCourier book(Order order) {
        return new BookCourier(order.id(), order.note());
    }

    @OnReply(to = "book-courier")
    Order unbooked(Order order, NoCourier reply) {
        return order.noting(reply.why());
    }
}
