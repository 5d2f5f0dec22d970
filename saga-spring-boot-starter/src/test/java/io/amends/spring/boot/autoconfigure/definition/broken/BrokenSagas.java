package io.amends.spring.boot.autoconfigure.definition.broken;

import io.amends.saga.AddressedCommand;
import io.amends.saga.Command;
import io.amends.saga.Commands;
import io.amends.saga.Compensation;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.Success;

/** Two sagas with a problem each. */
public final class BrokenSagas {

    private BrokenSagas() {}

    public record Order(String id) {}

    public record Pay(String id) implements Command<PayReply> {}

    public sealed interface PayReply extends Reply {}

    public record Paid() implements PayReply, Success {}

    public record Refused() implements PayReply, Rejection {}

    @Saga(name = "without-compensation")
    public static class WithoutCompensation {
        @SagaStep(order = 1, name = "pay")
        AddressedCommand<Pay> pay(Order order) {
            return Commands.to("bank", new Pay(order.id()));
        }

        @Compensation(of = "pai")
        AddressedCommand<Pay> undo(Order order) {
            return Commands.to("bank", new Pay(order.id()));
        }
    }

    @Saga(name = "rejectable-after-the-pivot")
    public static class RejectableAfterThePivot {
        @SagaStep(order = 1, name = "pay", kind = StepKind.RETRIABLE)
        AddressedCommand<Pay> pay(Order order) {
            return Commands.to("bank", new Pay(order.id()));
        }
    }
}
