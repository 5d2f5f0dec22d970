package io.amends.spring.boot.autoconfigure.runtime.locked;

import io.amends.runtime.isolation.LockMode;
import io.amends.runtime.isolation.LockName;
import io.amends.runtime.isolation.SemanticLocks;
import io.amends.saga.Command;
import io.amends.saga.CommandHandler;
import io.amends.saga.Compensation;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Saga;
import io.amends.saga.SagaParticipant;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.Success;
import java.time.Duration;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.jdbc.core.JdbcTemplate;

/** A hotel whose only room can be occupied by one guest at a time: a second row for it breaks the table's key. */
@SpringBootApplication
public class HotelApplication {

    public record Stay(String guest, int money) {}

    public record OccupyRoom(String guest) implements Command<OccupyRoomReply> {}

    public sealed interface OccupyRoomReply extends Reply {}

    public record RoomOccupied() implements OccupyRoomReply, Success {}

    public record NoRoom() implements OccupyRoomReply, Rejection {}

    public record LeaveRoom(String guest) implements Command<RoomLeft> {}

    public record RoomLeft() implements Success {}

    public record Pay(int money) implements Command<PayReply> {}

    public sealed interface PayReply extends Reply {}

    public record Paid() implements PayReply, Success {}

    public record TooLittle() implements PayReply, Rejection {}

    @Saga(name = "stay")
    static class StaySaga {
        @SagaStep(order = 1, name = "occupy-room", participant = "hotel")
        OccupyRoom occupy(Stay stay) {
            return new OccupyRoom(stay.guest());
        }

        @Compensation(of = "occupy-room")
        LeaveRoom leave(Stay stay) {
            return new LeaveRoom(stay.guest());
        }

        @SagaStep(order = 2, name = "pay", kind = StepKind.PIVOT, participant = "till")
        Pay pay(Stay stay) {
            return new Pay(stay.money());
        }

        @SagaStep(order = 3, name = "leave-room", kind = StepKind.RETRIABLE, participant = "hotel")
        LeaveRoom goHome(Stay stay) {
            return new LeaveRoom(stay.guest());
        }
    }

    @SagaParticipant("hotel")
    static class Hotel {
        private static final LockName ROOM = LockName.of("room", "1");

        private final SemanticLocks locks;
        private final JdbcTemplate jdbc;

        Hotel(SemanticLocks locks, JdbcTemplate jdbc) {
            this.locks = locks;
            this.jdbc = jdbc;
        }

        @CommandHandler
        OccupyRoomReply on(OccupyRoom command) {
            if (!locks.acquire(ROOM, LockMode.queueUpTo(Duration.ofMinutes(5))).granted()) {
                return new NoRoom();
            }
            jdbc.update("insert into room_guest (room, guest) values (1, ?)", command.guest());
            return new RoomOccupied();
        }

        @CommandHandler
        RoomLeft on(LeaveRoom command) {
            jdbc.update("delete from room_guest where guest = ?", command.guest());
            locks.release(ROOM);
            return new RoomLeft();
        }
    }

    @SagaParticipant("till")
    static class Till {
        @CommandHandler
        PayReply on(Pay command) {
            return command.money() < 10 ? new TooLittle() : new Paid();
        }
    }
}
