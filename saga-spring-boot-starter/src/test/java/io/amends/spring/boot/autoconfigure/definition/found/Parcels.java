package io.amends.spring.boot.autoconfigure.definition.found;

import io.amends.saga.Command;
import io.amends.saga.CommandHandler;
import io.amends.saga.Saga;
import io.amends.saga.SagaParticipant;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.Success;
import org.springframework.stereotype.Component;

/** Classes for a scan to find or to leave alone. */
public final class Parcels {

    private Parcels() {}

    public record Parcel(String id) {}

    public record Send(String id) implements Command<Sent> {}

    public record Sent() implements Success {}

    @Saga(name = "parcel")
    public static class ParcelSaga {
        @SagaStep(order = 1, name = "send", kind = StepKind.RETRIABLE, participant = "post")
        Send send(Parcel parcel) {
            return new Send(parcel.id());
        }
    }

    @SagaParticipant("post")
    public static class PostOffice {
        @CommandHandler
        Sent on(Send send) {
            return new Sent();
        }
    }

    @Component
    public static class Bystander {}
}
