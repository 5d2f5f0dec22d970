package io.amends.fuzz;

import io.amends.saga.AddressedCommand;
import io.amends.saga.Command;
import io.amends.saga.CommandHandler;
import io.amends.saga.Commands;
import io.amends.saga.Compensation;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.Success;
import java.util.List;

/** What the fuzzed messages are about. */
public final class Warehouse {

    /** A command with a bit of everything. */
    public record Reserve(String orderId, int amount, List<String> items) implements Command<ReserveReply> {}

    public sealed interface ReserveReply extends Reply {}

    public record Reserved(String shelf) implements ReserveReply, Success {}

    public record OutOfStock(int left) implements ReserveReply, Rejection {}

    public record Release(String orderId) implements Command<Released> {}

    public record Released() implements Success {}

    public record Ship(String orderId) implements Command<Shipped> {}

    public record Shipped() implements Success {}

    public record Order(String id) {}

    @CommandHandler
    ReserveReply reserve(Reserve command) {
        return command.amount() > 100 ? new OutOfStock(100) : new Reserved("shelf");
    }

    @CommandHandler
    Released release(Release command) {
        return new Released();
    }

    /** Asks it. */
    @Saga(name = "order")
    static final class OrderSaga {

        @SagaStep(order = 1, name = "reserve")
        AddressedCommand<Reserve> reserve(Order order) {
            return Commands.to("warehouse", new Reserve(order.id(), 1, List.of()));
        }

        @Compensation(of = "reserve")
        AddressedCommand<Release> release(Order order) {
            return Commands.to("warehouse", new Release(order.id()));
        }

        @SagaStep(order = 2, name = "ship", kind = StepKind.RETRIABLE)
        AddressedCommand<Ship> ship(Order order) {
            return Commands.to("courier", new Ship(order.id()));
        }
    }
}
