package io.amends.sample.transfer;

import io.amends.saga.AddressedCommand;
import io.amends.saga.Commands;
import io.amends.saga.Compensation;
import io.amends.saga.OnReply;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.SearchAttribute;
import io.amends.saga.StepKind;
import io.amends.sample.contract.BankCommands.CaptureFunds;
import io.amends.sample.contract.BankCommands.CreditAccount;
import io.amends.sample.contract.BankCommands.ReleaseFunds;
import io.amends.sample.contract.BankCommands.ReserveFunds;
import io.amends.sample.contract.BankReplies.AccountClosed;
import io.amends.sample.contract.BankReplies.AccountUnknown;
import io.amends.sample.contract.BankReplies.InsufficientFunds;

/** Version 2: reserve at the source, credit the destination (the pivot), capture at the source. */
@Saga(name = "money-transfer", version = 2, deadline = "10m")
class MoneyTransferSaga {

    @SagaStep(order = 1, name = "reserve-funds", timeout = "30s")
    AddressedCommand<ReserveFunds> reserve(Transfer t) {
        return Commands.to(t.fromBank(), new ReserveFunds(t.id(), t.fromAccount(), t.amount()));
    }

    @OnReply(to = "reserve-funds")
    Transfer refused(Transfer t, InsufficientFunds r) {
        return t.refused("insufficient funds");
    }

    @OnReply(to = "reserve-funds")
    Transfer sourceClosed(Transfer t, AccountClosed r) {
        return t.refused("source account closed");
    }

    @OnReply(to = "reserve-funds")
    Transfer sourceUnknown(Transfer t, AccountUnknown r) {
        return t.refused("source account unknown");
    }

    @Compensation(of = "reserve-funds")
    AddressedCommand<ReleaseFunds> release(Transfer t) {
        return Commands.to(t.fromBank(), new ReleaseFunds(t.id()));
    }

    @SagaStep(order = 2, name = "credit-destination", kind = StepKind.PIVOT, timeout = "30s")
    AddressedCommand<CreditAccount> credit(Transfer t) {
        return Commands.to(t.toBank(), new CreditAccount(t.id(), t.toAccount(), t.amount()));
    }

    @OnReply(to = "credit-destination")
    Transfer destinationClosed(Transfer t, AccountClosed r) {
        return t.refused("destination account closed");
    }

    @OnReply(to = "credit-destination")
    Transfer destinationUnknown(Transfer t, AccountUnknown r) {
        return t.refused("destination account unknown");
    }

    @SagaStep(order = 3, name = "capture-funds", kind = StepKind.RETRIABLE, timeout = "30s")
    AddressedCommand<CaptureFunds> capture(Transfer t) {
        return Commands.to(t.fromBank(), new CaptureFunds(t.id()));
    }

    /** The console shows it as what is at risk. */
    @SearchAttribute("amount")
    String amount(Transfer t) {
        return t.amount().setScale(2).toPlainString();
    }
}
