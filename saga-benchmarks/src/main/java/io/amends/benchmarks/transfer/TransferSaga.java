package io.amends.benchmarks.transfer;

import io.amends.benchmarks.bank.BankMessages.Credit;
import io.amends.benchmarks.bank.BankMessages.Debit;
import io.amends.benchmarks.bank.BankMessages.Refund;
import io.amends.saga.Compensation;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;

/** The transfer in two steps. */
@Saga(name = "transfer", version = 1, deadline = "10m")
class TransferSaga {

    @SagaStep(order = 1, name = "debit-source", participant = "bank-a", timeout = "30s")
    Debit debit(Transfer t) {
        return new Debit(t.id(), t.fromAccount(), t.amount());
    }

    @Compensation(of = "debit-source")
    Refund refund(Transfer t) {
        return new Refund(t.id(), t.fromAccount(), t.amount());
    }

    @SagaStep(order = 2, name = "credit-destination", kind = StepKind.PIVOT, participant = "bank-b", timeout = "30s")
    Credit credit(Transfer t) {
        return new Credit(t.id(), t.toAccount(), t.amount());
    }
}
