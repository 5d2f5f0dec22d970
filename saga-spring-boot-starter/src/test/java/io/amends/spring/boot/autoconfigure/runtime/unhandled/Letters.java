package io.amends.spring.boot.autoconfigure.runtime.unhandled;

import io.amends.saga.Command;
import io.amends.saga.CommandHandler;
import io.amends.saga.Saga;
import io.amends.saga.SagaParticipant;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.Success;

/** A saga that sends its own application's participant what that does not handle. */
public final class Letters {

    private Letters() {}

    public record Letter(String id) {}

    public record Frank(String id) implements Command<Done> {}

    public record Post(String id) implements Command<Done> {}

    public record Done() implements Success {}

    @Saga(name = "letter")
    public static class LetterSaga {
        @SagaStep(order = 1, name = "post", kind = StepKind.RETRIABLE, participant = "post")
        Post post(Letter letter) {
            return new Post(letter.id());
        }
    }

    @SagaParticipant("post")
    public static class PostOffice {
        @CommandHandler
        Done on(Frank command) {
            return new Done();
        }
    }
}
