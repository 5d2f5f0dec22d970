package io.amends.alone;

import io.amends.alone.ShopApplication.Effects;
import io.amends.saga.Command;
import io.amends.saga.CommandHandler;
import io.amends.saga.Escalation;
import io.amends.saga.Retry;
import io.amends.saga.Saga;
import io.amends.saga.SagaParticipant;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.Success;

/** A parcel that has to go in the end, and is left to a person once two attempts are spent. */
@Saga(name = "parcel")
class ParcelSaga {

    record Parcel(String id) {}

    record Ship(String id) implements Command<Shipped> {}

    record Shipped() implements Success {}

    @SagaStep(
            order = 1,
            name = "ship",
            kind = StepKind.RETRIABLE,
            participant = "post",
            retry = @Retry(attempts = 2, backoff = "10ms"),
            onExhausted = Escalation.PARK)
    Ship ship(Parcel parcel) {
        return new Ship(parcel.id());
    }

    /** Takes nothing while it is on strike. */
    @SagaParticipant("post")
    static class Post {
        private final Effects effects;
        volatile boolean onStrike;

        Post(Effects effects) {
            this.effects = effects;
        }

        @CommandHandler
        Shipped on(Ship command) {
            if (onStrike) {
                throw new IllegalStateException("The post is on strike");
            }
            effects.note("shipped", command.id());
            return new Shipped();
        }
    }
}
