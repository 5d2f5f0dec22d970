package io.amends.spring.boot.autoconfigure.observability.letters;

import io.amends.saga.Command;
import io.amends.saga.CommandHandler;
import io.amends.saga.Compensation;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Retry;
import io.amends.saga.Saga;
import io.amends.saga.SagaParticipant;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.Success;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Letters that are stamped, taken along and delivered; what stands on them says what goes wrong. */
@SpringBootApplication
public class LetterApplication {

    record Letter(String text) {}

    record Stamp(String text) implements Command<StampReply> {}

    sealed interface StampReply extends Reply {}

    record Stamped() implements StampReply, Success {}

    record Unstamp(String text) implements Command<Stamped> {}

    record Take(String text) implements Command<TakeReply> {}

    sealed interface TakeReply extends Reply {}

    record Taken() implements TakeReply, Success {}

    record TooHeavy() implements TakeReply, Rejection {}

    record Deliver(String text) implements Command<Stamped> {}

    @Saga(name = "letter")
    static class LetterSaga {

        @SagaStep(order = 1, name = "stamp", participant = "counter")
        Stamp stamp(Letter letter) {
            return new Stamp(letter.text());
        }

        @Compensation(of = "stamp")
        Unstamp unstamp(Letter letter) {
            return new Unstamp(letter.text());
        }

        @SagaStep(order = 2, name = "take", kind = StepKind.PIVOT, participant = "counter")
        Take take(Letter letter) {
            return new Take(letter.text());
        }

        @SagaStep(
                order = 3,
                name = "deliver",
                kind = StepKind.RETRIABLE,
                participant = "postman",
                retry = @Retry(attempts = 2, backoff = "1ms", backoffMax = "1ms"))
        Deliver deliver(Letter letter) {
            return new Deliver(letter.text());
        }
    }

    @SagaParticipant("counter")
    static class Counter {

        @CommandHandler
        StampReply on(Stamp command) {
            return new Stamped();
        }

        @CommandHandler
        Stamped on(Unstamp command) {
            return new Stamped();
        }

        @CommandHandler
        TakeReply on(Take command) {
            return command.text().startsWith("heavy") ? new TooHeavy() : new Taken();
        }
    }

    @SagaParticipant("postman")
    static class Postman {

        @CommandHandler
        Stamped on(Deliver command) {
            if (command.text().startsWith("unreadable")) {
                throw new IllegalStateException("Nobody can read " + command.text());
            }
            return new Stamped();
        }
    }

    @Bean
    MeterRegistry meterRegistry() {
        return new SimpleMeterRegistry();
    }

    @Bean
    ObservationRegistry observationRegistry(MeterRegistry meters) {
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
        return registry;
    }
}
