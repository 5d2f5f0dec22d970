package io.amends.runtime.orchestrator;

import io.amends.runtime.Orders.CardCharged;
import io.amends.runtime.Orders.ChargeCard;
import io.amends.runtime.Orders.RefundCard;
import io.amends.saga.Compensation;
import io.amends.saga.OnReply;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Retry;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.Signal;
import io.amends.saga.StepKind;
import io.amends.saga.Success;

/** Waits for somebody's word between two charges; everything that time can do is declared. */
@Saga(name = "holiday", deadline = "30d")
class HolidaySaga {

    sealed interface Decision extends Reply {}

    record Granted(String by) implements Decision, Success {}

    record Denied(String by) implements Decision, Rejection {}

    /** So the start can't know all words. */
    non-sealed interface OddWord extends Decision {}

    /** Forgets to be a {@link Rejection}. */
    record Postponed() implements OddWord {}

    @SagaStep(
            order = 1,
            name = "charge",
            participant = "payments",
            timeout = "1m",
            retry = @Retry(attempts = 3, backoff = "10s", jitter = false))
    ChargeCard charge(Order order) {
        return new ChargeCard(order.id(), order.amount());
    }

    @OnReply(to = "charge")
    Order charged(Order order, CardCharged reply) {
        return order.noting(reply.receipt());
    }

    @Compensation(of = "charge", timeout = "1m", retry = @Retry(attempts = 2, backoff = "10s", jitter = false))
    RefundCard refund(Order order) {
        return new RefundCard(order.id());
    }

    @SagaStep(order = 2, name = "approve", timeout = "7d", sla = "1d")
    Signal<Decision> approve(Order order) {
        return Signal.awaited("decision");
    }

    @OnReply(to = "approve")
    Order granted(Order order, Granted reply) {
        return order.noting("granted by " + reply.by());
    }

    @SagaStep(order = 3, name = "settle", kind = StepKind.PIVOT, participant = "payments", retry = @Retry(attempts = 2))
    ChargeCard settle(Order order) {
        return new ChargeCard(order.id(), 0);
    }
}
