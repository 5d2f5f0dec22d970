package io.amends.saga.definition;

import io.amends.saga.AddressedCommand;
import io.amends.saga.Command;
import io.amends.saga.Commands;
import io.amends.saga.Compensation;
import io.amends.saga.OnCompensated;
import io.amends.saga.OnCompleted;
import io.amends.saga.OnReply;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.Success;
import java.util.ArrayList;
import java.util.List;

/** The money transfer of the design, as the tests use it. */
public final class Transfers {

    private Transfers() {}

    public record Transfer(String id, String fromBank, String toBank, String status) {

        Transfer refused(String reason) {
            return new Transfer(id, fromBank, toBank, "refused: " + reason);
        }
    }

    public record ReserveFunds(String id) implements Command<ReserveFundsReply> {}

    public sealed interface ReserveFundsReply extends Reply {}

    public record FundsReserved() implements ReserveFundsReply, Success {}

    public record InsufficientFunds() implements ReserveFundsReply, Rejection {}

    public record ReleaseFunds(String id) implements Command<FundsReleased> {}

    public record FundsReleased() implements Success {}

    public record CreditAccount(String id) implements Command<CreditAccountReply> {}

    public sealed interface CreditAccountReply extends Reply {}

    public record AccountCredited() implements CreditAccountReply, Success {}

    public record AccountClosed() implements CreditAccountReply, Rejection {}

    public record CaptureFunds(String id) implements Command<FundsCaptured> {}

    public record FundsCaptured() implements Success {}

    @Saga(name = "money-transfer", version = 2, deadline = "10m")
    static class MoneyTransferSaga {

        final List<String> done = new ArrayList<>();

        @SagaStep(order = 10, name = "reserve-funds", timeout = "30s")
        AddressedCommand<ReserveFunds> reserve(Transfer transfer) {
            return Commands.to(transfer.fromBank(), new ReserveFunds(transfer.id()));
        }

        @OnReply(to = "reserve-funds")
        Transfer refused(Transfer transfer, InsufficientFunds reply) {
            return transfer.refused("insufficient funds");
        }

        @Compensation(of = "reserve-funds")
        AddressedCommand<ReleaseFunds> release(Transfer transfer) {
            return Commands.to(transfer.fromBank(), new ReleaseFunds(transfer.id()));
        }

        @SagaStep(order = 20, name = "credit-destination", kind = StepKind.PIVOT)
        AddressedCommand<CreditAccount> credit(Transfer transfer) {
            return Commands.to(transfer.toBank(), new CreditAccount(transfer.id()));
        }

        @OnReply(to = "credit-destination")
        Transfer refused(Transfer transfer, AccountClosed reply) {
            return transfer.refused("account closed");
        }

        @SagaStep(order = 30, name = "capture-funds", kind = StepKind.RETRIABLE)
        AddressedCommand<CaptureFunds> capture(Transfer transfer) {
            return Commands.to(transfer.fromBank(), new CaptureFunds(transfer.id()));
        }

        @OnCompleted
        void completed(Transfer transfer) {
            done.add("completed " + transfer.id());
        }

        @OnCompensated
        void compensated(Transfer transfer) {
            done.add("compensated " + transfer.id());
        }
    }
}
