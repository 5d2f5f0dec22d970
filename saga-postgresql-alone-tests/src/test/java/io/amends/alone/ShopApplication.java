package io.amends.alone;

import io.amends.outbox.Outbox;
import io.amends.outbox.OutboxMessage;
import io.amends.outbox.inbox.IdempotentListener;
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
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** A shop: its saga, both participants and a listener are one application. Every effect is a row that nothing makes unique. */
@SpringBootApplication
public class ShopApplication {

    /** Where the shop tells which orders were paid. */
    static final String PAID = "shop.paid";

    public static void main(String[] arguments) {
        SpringApplication.run(ShopApplication.class, arguments);
    }

    /** What is paid for at {@code bank}; what costs more than 100 is rejected there. */
    public record Order(String id, int price, String bank) {}

    public record Reserve(String orderId) implements Command<Reserved> {}

    public record Release(String orderId) implements Command<Released> {}

    public record Reserved() implements Success {}

    public record Released() implements Success {}

    public record Pay(String orderId, int price) implements Command<PayReply> {}

    public sealed interface PayReply extends Reply {}

    public record PaidInFull() implements PayReply, Success {}

    public record TooExpensive() implements PayReply, Rejection {}

    /** The saga. */
    @Saga(name = "order", deadline = "10m")
    static class OrderSaga {
        private final Effects effects;
        private final Outbox outbox;

        OrderSaga(Effects effects, Outbox outbox) {
            this.effects = effects;
            this.outbox = outbox;
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
            return Commands.to(order.bank(), new Pay(order.id(), order.price()));
        }

        @OnCompleted
        void completed(Order order) {
            effects.note("completed", order.id());
            outbox.append(new OutboxMessage(
                    UUID.randomUUID(),
                    PAID,
                    order.id(),
                    "order-paid",
                    order.id().getBytes(StandardCharsets.UTF_8),
                    Map.of()));
        }

        @OnCompensated
        void compensated(Order order) {
            effects.note("compensated", order.id());
        }
    }

    /** Likewise, for those who can't wait. */
    @Saga(name = "hasty-order", deadline = "3s")
    static class HastyOrderSaga {

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
            return Commands.to(order.bank(), new Pay(order.id(), order.price()));
        }
    }

    @SagaParticipant("warehouse")
    static class Warehouse {
        private final Effects effects;

        Warehouse(Effects effects) {
            this.effects = effects;
        }

        @CommandHandler
        Reserved on(Reserve command) {
            effects.note("reserved", command.orderId());
            if (command.orderId().startsWith("cursed")) {
                throw new IllegalStateException("The shelf is broken");
            }
            return new Reserved();
        }

        @CommandHandler
        Released on(Release command) {
            effects.note("released", command.orderId());
            return new Released();
        }
    }

    @SagaParticipant("bank")
    static class Bank {
        private final Effects effects;

        Bank(Effects effects) {
            this.effects = effects;
        }

        @CommandHandler
        PayReply on(Pay command) {
            if (command.price() > 100) {
                return new TooExpensive();
            }
            effects.note("paid", command.orderId());
            return new PaidInFull();
        }
    }

    /** Hears of what was paid, and of whatever the tests tell. */
    @Component
    static class Newsletter {
        private final Effects effects;

        Newsletter(Effects effects) {
            this.effects = effects;
        }

        @IdempotentListener(
                consumer = "newsletter",
                topics = {PAID, "shop.news"})
        void on(String text) {
            effects.note("heard", text);
            if (text.startsWith("cursed")) {
                throw new IllegalStateException("Nobody may hear this");
            }
        }
    }

    /** The table of effects. */
    @Component
    static class Effects {
        private final JdbcClient jdbc;

        Effects(JdbcClient jdbc) {
            this.jdbc = jdbc;
        }

        void note(String what, String about) {
            jdbc.sql("insert into effect (what, about) values (?, ?)")
                    .params(what, about)
                    .update();
        }
    }
}
