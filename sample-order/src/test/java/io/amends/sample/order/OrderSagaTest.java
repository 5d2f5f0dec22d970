package io.amends.sample.order;

import io.amends.sample.order.Messages.OrderShipped;
import io.amends.sample.order.Messages.OutOfStock;
import io.amends.sample.order.Messages.PaymentRefused;
import io.amends.sample.order.Messages.PaymentTaken;
import io.amends.sample.order.Messages.ReleaseStock;
import io.amends.sample.order.Messages.ReserveStock;
import io.amends.sample.order.Messages.ShipOrder;
import io.amends.sample.order.Messages.StockReleased;
import io.amends.sample.order.Messages.StockReserved;
import io.amends.sample.order.Messages.TakePayment;
import io.amends.test.saga.SagaConversation;
import io.amends.test.saga.SagaTester;
import org.junit.jupiter.api.Test;

/** The saga alone, as a conversation: no Spring, no server, nobody waits. */
class OrderSagaTest {

    private static final Order ORDER = new Order("1001", "ann", "book", 2, 3_998, "");

    private final SagaTester tester = SagaTester.of(new OrderSaga());

    private SagaConversation reserved() {
        return tester.given(ORDER)
                .expectCommand("stock", new ReserveStock("1001", "book", 2))
                .reply(new StockReserved())
                .expectCommand("payment", new TakePayment("1001", "ann", 3_998));
    }

    @Test
    void an_order_is_reserved_paid_and_shipped() {
        reserved()
                .reply(new PaymentTaken())
                .expectCommand("shipping", new ShipOrder("1001"))
                .reply(new OrderShipped("P-1001"))
                .expectCompleted()
                .expectData(ORDER.ended("parcel P-1001"));
    }

    @Test
    void a_refused_payment_releases_the_stock() {
        reserved()
                .reject(new PaymentRefused("no money"))
                .expectCompensation("reserve-stock", new ReleaseStock("1001"))
                .reply(new StockReleased())
                .expectCompensated()
                .expectData(ORDER.ended("no money"));
    }

    @Test
    void nothing_is_compensated_if_nothing_was_reserved() {
        tester.given(ORDER)
                .expectCommand("stock", new ReserveStock("1001", "book", 2))
                .reject(new OutOfStock(1))
                .expectCompensated()
                .expectData(ORDER.ended("only 1 left"));
    }
}
