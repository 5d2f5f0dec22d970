package io.amends.spring.boot.autoconfigure.traced.transfers;

import io.amends.saga.Compensation;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.spring.boot.autoconfigure.traced.Money.Credit;
import io.amends.spring.boot.autoconfigure.traced.Money.Release;
import io.amends.spring.boot.autoconfigure.traced.Money.Reserve;
import io.amends.spring.boot.autoconfigure.traced.Spans;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Import;

/** The service that starts transfers. */
@SpringBootApplication
@Import(Spans.class)
public class TransferApplication {

    public record Transfer(String id) {}

    @Saga(name = "traced-transfer")
    static class TransferSaga {

        @SagaStep(order = 1, name = "reserve", participant = "traced-bank")
        Reserve reserve(Transfer transfer) {
            return new Reserve(transfer.id());
        }

        @Compensation(of = "reserve")
        Release release(Transfer transfer) {
            return new Release(transfer.id());
        }

        @SagaStep(order = 2, name = "credit", kind = StepKind.PIVOT, participant = "traced-bank")
        Credit credit(Transfer transfer) {
            return new Credit(transfer.id());
        }
    }
}
