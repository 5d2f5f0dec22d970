package io.amends.sample.order;

import io.amends.saga.CommandHandler;
import io.amends.saga.SagaParticipant;
import io.amends.sample.order.Messages.PaymentRefused;
import io.amends.sample.order.Messages.PaymentTaken;
import io.amends.sample.order.Messages.TakePayment;
import io.amends.sample.order.Messages.TakePaymentReply;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The cashier; no card pays more than 1,000.00. */
@SagaParticipant("payment")
class Payment {

    private static final long LIMIT_CENTS = 100_000;

    private final JdbcClient jdbc;

    Payment(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @CommandHandler
    TakePaymentReply on(TakePayment command) {
        if (command.cents() > LIMIT_CENTS) {
            return new PaymentRefused("more than the card's limit");
        }
        jdbc.sql("insert into payment (order_id, customer, cents) values (?, ?, ?)")
                .params(command.orderId(), command.customer(), command.cents())
                .update();
        return new PaymentTaken();
    }
}
