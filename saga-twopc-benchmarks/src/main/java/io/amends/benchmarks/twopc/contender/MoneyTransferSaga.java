package io.amends.benchmarks.twopc.contender;

import io.amends.benchmarks.twopc.bank.BankMessages.Capture;
import io.amends.benchmarks.twopc.bank.BankMessages.Credit;
import io.amends.benchmarks.twopc.bank.BankMessages.Release;
import io.amends.benchmarks.twopc.bank.BankMessages.Reserve;
import io.amends.saga.Compensation;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;

/** The sample's: set aside at the source, credit the destination (the pivot), take out at the source. */
@Saga(name = "money-transfer", version = 1, deadline = "10m")
class MoneyTransferSaga {

    @SagaStep(order = 1, name = "reserve-funds", participant = "bank-a", timeout = "30s")
    Reserve reserve(Transfer t) {
        return new Reserve(t.id(), t.fromAccount(), t.amount());
    }

    @Compensation(of = "reserve-funds")
    Release release(Transfer t) {
        return new Release(t.id());
    }

    @SagaStep(order = 2, name = "credit-destination", kind = StepKind.PIVOT, participant = "bank-b", timeout = "30s")
    Credit credit(Transfer t) {
        return new Credit(t.id(), t.toAccount(), t.amount());
    }

    @SagaStep(order = 3, name = "capture-funds", kind = StepKind.RETRIABLE, participant = "bank-a", timeout = "30s")
    Capture capture(Transfer t) {
        return new Capture(t.id());
    }
}
