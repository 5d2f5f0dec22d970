package io.amends.sample.transfer;

import io.amends.saga.AddressedCommand;
import io.amends.saga.Commands;
import io.amends.saga.Compensation;
import io.amends.saga.OnReply;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.sample.contract.BankCommands.CreditAccount;
import io.amends.sample.contract.BankCommands.DebitAccount;
import io.amends.sample.contract.BankCommands.RefundDebit;
import io.amends.sample.contract.BankCommands.TakeBackCredit;
import io.amends.sample.contract.BankReplies.AccountClosed;
import io.amends.sample.contract.BankReplies.AccountUnknown;
import io.amends.sample.contract.BankReplies.InsufficientFunds;

/** Version 1, the textbook: debit, credit, each with a compensation. Transfers that began with it end with it. */
@Saga(name = "money-transfer", version = 1, deadline = "10m")
class MoneyTransferSagaV1 {

    @SagaStep(order = 1, name = "debit-source", timeout = "30s")
    AddressedCommand<DebitAccount> debit(Transfer t) {
        return Commands.to(t.fromBank(), new DebitAccount(t.id(), t.fromAccount(), t.amount()));
    }

    @OnReply(to = "debit-source")
    Transfer refused(Transfer t, InsufficientFunds r) {
        return t.refused("insufficient funds");
    }

    @OnReply(to = "debit-source")
    Transfer sourceClosed(Transfer t, AccountClosed r) {
        return t.refused("source account closed");
    }

    @OnReply(to = "debit-source")
    Transfer sourceUnknown(Transfer t, AccountUnknown r) {
        return t.refused("source account unknown");
    }

    @Compensation(of = "debit-source")
    AddressedCommand<RefundDebit> refund(Transfer t) {
        return Commands.to(t.fromBank(), new RefundDebit(t.id(), t.fromAccount(), t.amount()));
    }

    @SagaStep(order = 2, name = "credit-destination", timeout = "30s")
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

    @Compensation(of = "credit-destination")
    AddressedCommand<TakeBackCredit> takeBack(Transfer t) {
        return Commands.to(t.toBank(), new TakeBackCredit(t.id(), t.toAccount(), t.amount()));
    }
}
