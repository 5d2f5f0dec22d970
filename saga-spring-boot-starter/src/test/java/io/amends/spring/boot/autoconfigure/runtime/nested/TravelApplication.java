package io.amends.spring.boot.autoconfigure.runtime.nested;

import io.amends.saga.Command;
import io.amends.saga.CommandHandler;
import io.amends.saga.Compensation;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Saga;
import io.amends.saga.SagaKey;
import io.amends.saga.SagaParticipant;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.SubSaga;
import io.amends.saga.Success;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.jdbc.core.JdbcTemplate;

/** A journey, whose stay is a saga of its own, and so is what cancels a stay that is booked. */
@SpringBootApplication
public class TravelApplication {

    /** What is dear can't be paid, what is full can't be booked. */
    public record Journey(String id, boolean dear, boolean full) {}

    public record Stay(String journeyId, boolean full) {}

    public record Cancellation(String journeyId) {}

    public record Note(String journeyId, String what) implements Command<Noted> {}

    public record Noted() implements Success {}

    public record BookRoom(String journeyId, boolean full) implements Command<BookRoomReply> {}

    public sealed interface BookRoomReply extends Reply {}

    public record RoomBooked() implements BookRoomReply, Success {}

    public record NoRoom() implements BookRoomReply, Rejection {}

    public record Pay(String journeyId, boolean dear) implements Command<PayReply> {}

    public sealed interface PayReply extends Reply {}

    public record Paid() implements PayReply, Success {}

    public record TooDear() implements PayReply, Rejection {}

    @Saga(name = "journey")
    static class JourneySaga {
        @SagaStep(order = 1, name = "take-leave", participant = "office")
        Note take(Journey journey) {
            return new Note(journey.id(), "leave taken");
        }

        @Compensation(of = "take-leave")
        Note giveBack(Journey journey) {
            return new Note(journey.id(), "leave given back");
        }

        @SagaStep(order = 2, name = "stay", saga = "stay")
        SubSaga<Stay> stay(Journey journey) {
            return SubSaga.of(new Stay(journey.id(), journey.full()), SagaKey.of(journey.id()));
        }

        @Compensation(of = "stay", saga = "cancel-stay")
        SubSaga<Cancellation> cancel(Journey journey) {
            return SubSaga.of(new Cancellation(journey.id()), SagaKey.of(journey.id()));
        }

        @SagaStep(order = 3, name = "pay", kind = StepKind.PIVOT, participant = "office")
        Pay pay(Journey journey) {
            return new Pay(journey.id(), journey.dear());
        }
    }

    @Saga(name = "stay", subSaga = true)
    static class StaySaga {
        @SagaStep(order = 1, name = "ask-dog-sitter", participant = "hotel")
        Note ask(Stay stay) {
            return new Note(stay.journeyId(), "dog sitter asked");
        }

        @Compensation(of = "ask-dog-sitter")
        Note send(Stay stay) {
            return new Note(stay.journeyId(), "dog sitter sent away");
        }

        @SagaStep(order = 2, name = "book-room", kind = StepKind.PIVOT, participant = "hotel")
        BookRoom book(Stay stay) {
            return new BookRoom(stay.journeyId(), stay.full());
        }
    }

    @Saga(name = "cancel-stay", subSaga = true)
    static class CancelStaySaga {
        @SagaStep(order = 1, name = "cancel-room", kind = StepKind.RETRIABLE, participant = "hotel")
        Note cancel(Cancellation cancellation) {
            return new Note(cancellation.journeyId(), "room cancelled");
        }
    }

    @SagaParticipant("hotel")
    static class Hotel {
        private final JdbcTemplate jdbc;

        Hotel(JdbcTemplate jdbc) {
            this.jdbc = jdbc;
        }

        @CommandHandler
        Noted on(Note command) {
            note(jdbc, command.journeyId(), command.what());
            return new Noted();
        }

        @CommandHandler
        BookRoomReply on(BookRoom command) {
            note(jdbc, command.journeyId(), "room booked");
            return command.full() ? new NoRoom() : new RoomBooked();
        }
    }

    @SagaParticipant("office")
    static class Office {
        private final JdbcTemplate jdbc;

        Office(JdbcTemplate jdbc) {
            this.jdbc = jdbc;
        }

        @CommandHandler
        Noted on(Note command) {
            note(jdbc, command.journeyId(), command.what());
            return new Noted();
        }

        @CommandHandler
        PayReply on(Pay command) {
            note(jdbc, command.journeyId(), "paid");
            return command.dear() ? new TooDear() : new Paid();
        }
    }

    private static void note(JdbcTemplate jdbc, String journey, String what) {
        jdbc.update("insert into diary (journey_id, what) values (?, ?)", journey, what);
    }
}
