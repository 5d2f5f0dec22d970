package io.amends.sample.order;

import io.amends.saga.Compensation;
import io.amends.saga.OnReply;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.sample.order.Messages.OrderShipped;
import io.amends.sample.order.Messages.OutOfStock;
import io.amends.sample.order.Messages.PaymentRefused;
import io.amends.sample.order.Messages.ReleaseStock;
import io.amends.sample.order.Messages.ReserveStock;
import io.amends.sample.order.Messages.ShipOrder;
import io.amends.sample.order.Messages.TakePayment;

/** Reserves stock, takes the payment (from then on there is no way back), and ships. */
@Saga(name = "order", deadline = "15m")
class OrderSaga {

    @SagaStep(order = 1, name = "reserve-stock", participant = "stock")
    ReserveStock reserve(Order order) {
        return new ReserveStock(order.id(), order.article(), order.pieces());
    }

    @OnReply(to = "reserve-stock")
    Order soldOut(Order order, OutOfStock reply) {
        return order.ended("only " + reply.left() + " left");
    }

    @Compensation(of = "reserve-stock")
    ReleaseStock release(Order order) {
        return new ReleaseStock(order.id());
    }

    @SagaStep(order = 2, name = "take-payment", participant = "payment", kind = StepKind.PIVOT)
    TakePayment pay(Order order) {
        return new TakePayment(order.id(), order.customer(), order.cents());
    }

    @OnReply(to = "take-payment")
    Order notPaid(Order order, PaymentRefused reply) {
        return order.ended(reply.reason());
    }

    @SagaStep(order = 3, name = "ship", participant = "shipping", kind = StepKind.RETRIABLE)
    ShipOrder ship(Order order) {
        return new ShipOrder(order.id());
    }

    @OnReply(to = "ship")
    Order shipped(Order order, OrderShipped reply) {
        return order.ended("parcel " + reply.parcel());
    }
}
