package io.amends.spring.boot.autoconfigure.orders;

import io.amends.runtime.SagaListener;
import io.amends.runtime.Sagas;
import io.amends.saga.AddressedCommand;
import io.amends.saga.Command;
import io.amends.saga.CommandHandler;
import io.amends.saga.Commands;
import io.amends.saga.Compensation;
import io.amends.saga.OnCompensated;
import io.amends.saga.OnCompleted;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Saga;
import io.amends.saga.SagaParticipant;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.Success;
import java.util.List;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** A shop with one saga, both of whose participants live in the same application. */
@SpringBootApplication
public class OrderApplication {

    /** An order; what costs more than the bank allows is rejected. */
    public record Order(String id, int price) {}

    public record Reserve(String orderId) implements Command<Reserved> {}

    public record Release(String orderId) implements Command<Released> {}

    public record Reserved() implements Success {}

    public record Released() implements Success {}

    public record Pay(String orderId, int price) implements Command<PayReply> {}

    public sealed interface PayReply extends Reply {}

    public record Paid() implements PayReply, Success {}

    public record TooExpensive() implements PayReply, Rejection {}

    /** Needs what itself starts sagas, to show that this makes no circle. */
    @Saga(name = "order")
    static class OrderSaga {
        private final JdbcClient jdbc;

        OrderSaga(JdbcClient jdbc, Sagas sagas) {
            this.jdbc = jdbc;
        }

        @SagaStep(order = 1, name = "reserve", participant = "warehouse")
        Reserve reserve(Order order) {
            return new Reserve(order.id());
        }

        @Compensation(of = "reserve")
        Release release(Order order) {
            return new Release(order.id());
        }

        @SagaStep(order = 2, name = "pay", kind = StepKind.PIVOT)
        AddressedCommand<Pay> pay(Order order) {
            return Commands.to("bank", new Pay(order.id(), order.price()));
        }

        @OnCompleted
        void completed(Order order) {
            note(order, "PAID");
        }

        @OnCompensated
        void compensated(Order order) {
            note(order, "REFUSED");
        }

        private void note(Order order, String state) {
            jdbc.sql("insert into shop_order (order_id, state) values (?, ?)")
                    .params(order.id(), state)
                    .update();
        }
    }

    @SagaParticipant("warehouse")
    static class Warehouse {
        private final JdbcClient jdbc;

        Warehouse(JdbcClient jdbc) {
            this.jdbc = jdbc;
        }

        @CommandHandler
        Reserved on(Reserve command) {
            jdbc.sql("insert into shop_reservation (order_id) values (?)")
                    .param(command.orderId())
                    .update();
            return new Reserved();
        }

        @CommandHandler
        Released on(Release command) {
            jdbc.sql("delete from shop_reservation where order_id = ?")
                    .param(command.orderId())
                    .update();
            return new Released();
        }
    }

    @SagaParticipant("${shop.bank}")
    static class Bank {
        @CommandHandler
        PayReply on(Pay command) {
            return command.price() > 100 ? new TooExpensive() : new Paid();
        }
    }

    /** Uses what itself calls it, to show that this makes no circle. */
    @Component
    static class Audience implements SagaListener {
        Audience(Sagas sagas) {}

        @Override
        public void changed(List<Change> changes) {}
    }
}
