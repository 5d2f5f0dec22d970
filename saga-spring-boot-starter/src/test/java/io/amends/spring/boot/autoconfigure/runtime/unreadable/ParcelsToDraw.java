package io.amends.spring.boot.autoconfigure.runtime.unreadable;

import io.amends.saga.AddressedCommand;
import io.amends.saga.Command;
import io.amends.saga.CommandHandler;
import io.amends.saga.Commands;
import io.amends.saga.Compensation;
import io.amends.saga.Saga;
import io.amends.saga.SagaParticipant;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.Success;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/** An application whose data and command have a property that JSON can't bring back, or are such a thing themselves. */
@EnableAutoConfiguration
@Configuration(proxyBeanMethods = false)
public class ParcelsToDraw {

    public interface Shape {}

    public record Parcel(Shape shape) {}

    public record Drawn() implements Success {}

    public record Draw(Shape shape) implements Command<Drawn> {}

    public record Erase(String name) implements Command<Drawn> {}

    @Saga(name = "parcel", version = 1)
    static class ParcelSaga {

        @SagaStep(order = 1, name = "draw")
        AddressedCommand<Draw> draw(Parcel parcel) {
            return Commands.to("artist", new Draw(parcel.shape()));
        }

        @Compensation(of = "draw")
        AddressedCommand<Erase> erase(Parcel parcel) {
            return Commands.to("artist", new Erase("it"));
        }
    }

    /** Nothing says in JSON which of them it is. */
    public sealed interface Sketch {}

    public record Portrait(String of) implements Sketch {}

    public record Landscape(String where) implements Sketch {}

    @Saga(name = "sketch", version = 1)
    static class SketchSaga {

        @SagaStep(order = 1, name = "sharpen", kind = StepKind.RETRIABLE)
        void sharpen(Sketch sketch) {}
    }

    @SagaParticipant("artist")
    static class Artist {

        @CommandHandler
        Drawn on(Draw command) {
            return new Drawn();
        }

        @CommandHandler
        Drawn on(Erase command) {
            return new Drawn();
        }
    }
}
