package io.amends.spring.boot.test.shop;

import io.amends.saga.Compensation;
import io.amends.saga.OnCompleted;
import io.amends.saga.Retry;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.spring.boot.test.shop.Messages.ChargeCustomer;
import io.amends.spring.boot.test.shop.Messages.PutBack;
import io.amends.spring.boot.test.shop.Messages.TakeFromStock;

@Saga(name = "order", deadline = "1h")
class OrderSaga {

    private final Mails mails;

    OrderSaga(Mails mails) {
        this.mails = mails;
    }

    @SagaStep(order = 1, name = "take-from-stock", participant = "warehouse", timeout = "30s")
    TakeFromStock take(Order order) {
        return new TakeFromStock(order.id(), order.item(), order.pieces());
    }

    @Compensation(of = "take-from-stock", participant = "warehouse")
    PutBack putBack(Order order) {
        return new PutBack(order.id(), order.item(), order.pieces());
    }

    @SagaStep(
            order = 2,
            name = "charge-customer",
            participant = "payments",
            kind = StepKind.PIVOT,
            timeout = "30s",
            retry = @Retry(attempts = 3))
    ChargeCustomer charge(Order order) {
        return new ChargeCustomer(order.id(), order.customer());
    }

    @OnCompleted
    void thank(Order order) {
        mails.thank(order.customer());
    }
}
