package io.amends.alone;

import io.amends.saga.Command;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.Success;
import org.springframework.context.annotation.Profile;

/** Sends to a participant of another application. */
@Saga(name = "errand")
@Profile("errand")
class ErrandSaga {

    record Errand(String id) {}

    record Fetch(String id) implements Command<Fetched> {}

    record Fetched() implements Success {}

    @SagaStep(order = 1, name = "fetch", kind = StepKind.RETRIABLE, participant = "courier")
    Fetch fetch(Errand errand) {
        return new Fetch(errand.id());
    }
}
