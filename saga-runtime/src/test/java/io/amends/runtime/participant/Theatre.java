package io.amends.runtime.participant;

import io.amends.runtime.isolation.LockMode;
import io.amends.runtime.isolation.LockName;
import io.amends.runtime.isolation.LockResult;
import io.amends.runtime.isolation.SemanticLocks;
import io.amends.saga.Command;
import io.amends.saga.CommandHandler;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Success;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.JdbcOperations;

/** Sells seats, which a saga locks until it has paid or given up. Writes before it asks for the lock, to be undone. */
final class Theatre {

    /** How a command is to wait. */
    enum Patience {
        NONE,
        WAIT,
        QUEUE;

        private LockMode mode() {
            return switch (this) {
                case NONE -> LockMode.failFast();
                case WAIT -> LockMode.waitUpTo(Duration.ofHours(1));
                case QUEUE -> LockMode.queueUpTo(Duration.ofHours(1));
            };
        }
    }

    record BookSeats(String guest, List<String> seats, Patience patience) implements Command<BookSeatsReply> {}

    sealed interface BookSeatsReply extends Reply {}

    record SeatsBooked(String guest) implements BookSeatsReply, Success {}

    record SeatsTaken(String guest, String why) implements BookSeatsReply, Rejection {}

    /** Can't be rejected. */
    record AssignSeat(String guest, String seat) implements Command<SeatAssigned> {}

    record SeatAssigned() implements Success {}

    record LeaveSeats(String guest, List<String> seats) implements Command<SeatsLeft> {}

    record SeatsLeft(int released) implements Success {}

    private final JdbcOperations jdbc;
    private final SemanticLocks locks;
    private final Map<String, Runnable> surprises = new ConcurrentHashMap<>();

    Theatre(JdbcOperations jdbc, SemanticLocks locks) {
        this.jdbc = jdbc;
        this.locks = locks;
    }

    /** Happens when that guest has got the lock, or when "leaves" and that guest leaves. */
    void surprise(String guest, Runnable what) {
        surprises.put(guest, what);
    }

    @CommandHandler
    BookSeatsReply on(BookSeats command) {
        command.seats().forEach(seat -> note(command.guest(), seat));
        LockResult result = locks.acquireAll(
                command.seats().stream().map(Theatre::lock).toList(),
                command.patience().mode());
        if (result instanceof LockResult.Refused refused) {
            return new SeatsTaken(command.guest(), refused.reason() + " " + refused.name() + " " + refused.owner());
        }
        surprises.getOrDefault(command.guest(), () -> {}).run();
        return command.guest().startsWith("poor")
                ? new SeatsTaken(command.guest(), "no money")
                : new SeatsBooked(command.guest());
    }

    @CommandHandler
    SeatAssigned on(AssignSeat command) {
        note(command.guest(), command.seat());
        locks.acquire(lock(command.seat()), Patience.QUEUE.mode());
        return new SeatAssigned();
    }

    @CommandHandler
    SeatsLeft on(LeaveSeats command) {
        surprises.getOrDefault("leaves " + command.guest(), () -> {}).run();
        if (command.seats().isEmpty()) {
            return new SeatsLeft(locks.releaseAll());
        }
        int released = 0;
        for (String seat : command.seats()) {
            released += locks.release(lock(seat)) ? 1 : 0;
        }
        return new SeatsLeft(released);
    }

    static LockName lock(String seat) {
        return LockName.of("seat", seat);
    }

    private void note(String guest, String seat) {
        jdbc.update("insert into stock_move (order_id, item, amount) values (?, 'book', 1)", guest + " " + seat);
    }
}
