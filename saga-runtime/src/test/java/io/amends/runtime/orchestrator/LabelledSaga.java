package io.amends.runtime.orchestrator;

import io.amends.runtime.Orders.BookCourier;
import io.amends.runtime.Orders.CardCharged;
import io.amends.runtime.Orders.ChargeCard;
import io.amends.runtime.Orders.RefundCard;
import io.amends.runtime.Orders.ReleaseStock;
import io.amends.runtime.Orders.ReserveStock;
import io.amends.runtime.Orders.StockReserved;
import io.amends.saga.Compensation;
import io.amends.saga.OnReply;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.SearchAttribute;
import io.amends.saga.StepKind;
import java.util.Optional;

/** Its instances are found by what they are about. */
@Saga(name = "labelled")
class LabelledSaga {

    static final String UNSPEAKABLE = "a shelf that makes the attribute's method throw";

    @SearchAttribute("item")
    String item(Order order) {
        return order.item();
    }

    @SearchAttribute("shelf")
    Optional<String> shelf(Order order) {
        if (order.note().equals(UNSPEAKABLE)) {
            throw new IllegalStateException("no word for it");
        }
        return Optional.of(order.note()).filter(note -> !note.isEmpty());
    }

    @SagaStep(order = 1, name = "reserve-stock", participant = "warehouse")
    ReserveStock reserve(Order order) {
        return new ReserveStock(order.id(), order.item(), order.amount());
    }

    @OnReply(to = "reserve-stock")
    Order reserved(Order order, StockReserved reply) {
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

    /** Changes the data, but nothing that instances are found by. */
    @OnReply(to = "charge-card")
    Order charged(Order order, CardCharged reply) {
        return new Order(order.id(), order.item(), order.amount() + 1, order.note());
    }

    @Compensation(of = "charge-card")
    RefundCard refund(Order order) {
        return new RefundCard(order.id());
    }

    @SagaStep(order = 3, name = "book-courier", kind = StepKind.PIVOT, participant = "courier")
    BookCourier book(Order order) {
        return new BookCourier(order.id(), order.note());
    }
}
