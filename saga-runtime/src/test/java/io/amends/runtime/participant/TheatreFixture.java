package io.amends.runtime.participant;

import io.amends.runtime.Bench;
import io.amends.runtime.Sent;
import io.amends.runtime.TestDatabase;
import io.amends.runtime.isolation.HeldLock;
import io.amends.runtime.isolation.SemanticLocks;
import io.amends.runtime.participant.Theatre.AssignSeat;
import io.amends.runtime.participant.Theatre.BookSeats;
import io.amends.runtime.participant.Theatre.LeaveSeats;
import io.amends.runtime.participant.Theatre.Patience;
import io.amends.runtime.wire.InboundRecord;
import io.amends.saga.engine.CommandKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A theatre on a database of the test class's own; a guest's name gives the saga. */
abstract class TheatreFixture {

    static final Duration NO_TEST_HOLDS_A_LOCK_SO_LONG = Duration.ofSeconds(60);

    static final RedeliverySettings AT_ONCE = new RedeliverySettings(
            3, Duration.ZERO, Duration.ZERO, Duration.ofMillis(20), NO_TEST_HOLDS_A_LOCK_SO_LONG);

    static TestDatabase database;

    final Bench bench = new Bench(database);
    final SemanticLocks locks = new SemanticLocks(bench.jdbc);
    final Theatre theatre = new Theatre(bench.jdbc, locks);
    final Participant participant = bench.participant("theatre", theatre, AT_ONCE);

    @BeforeAll
    static void open() {
        database = TestDatabase.create();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void clear() {
        database.clear();
    }

    /** From then on savepoints are left out. */
    void rejectNothingForAWhile() {
        IntStream.range(0, Savepoints.CLEAN_RUN).forEach(i -> deliver(book("clean " + i, Patience.NONE, "z" + i)));
        database.clear();
        bench.watch.forget();
    }

    static UUID saga(String guest) {
        return UUID.nameUUIDFromBytes(guest.getBytes(StandardCharsets.UTF_8));
    }

    void deliver(InboundRecord... records) {
        participant.process(List.of(records));
    }

    void redeliver() {
        participant.redelivery().poll();
    }

    InboundRecord book(String guest, Patience patience, String... seats) {
        return bench.command(
                "theatre",
                saga(guest),
                "book-seats",
                CommandKind.ACTION,
                new BookSeats(guest, List.of(seats), patience));
    }

    InboundRecord assign(String guest, String seat) {
        return bench.command("theatre", saga(guest), "assign-seat", CommandKind.ACTION, new AssignSeat(guest, seat));
    }

    /** The last step, which ends the need; without seats it leaves all. */
    InboundRecord leave(String guest, String... seats) {
        return bench.command(
                "theatre", saga(guest), "leave-seats", CommandKind.ACTION, new LeaveSeats(guest, List.of(seats)));
    }

    InboundRecord undo(String guest, String... seats) {
        return bench.command(
                "theatre", saga(guest), "book-seats", CommandKind.COMPENSATION, new LeaveSeats(guest, List.of(seats)));
    }

    /** Type and outcome of what was answered since the last call. */
    List<String> answers() {
        return bench.take().stream()
                .map(sent -> sent.type() + " " + guest(sent))
                .toList();
    }

    private static String guest(Sent sent) {
        return sent.json().replaceAll(".*\"guest\":\"([^\"]*)\".*", "$1");
    }

    Optional<UUID> owner(String seat) {
        return locks.desk().find(Theatre.lock(seat)).map(HeldLock::owner).map(HeldLock.Owner::sagaId);
    }

    List<UUID> waiters(String seat) {
        return locks.desk().find(Theatre.lock(seat)).stream()
                .flatMap(lock -> lock.waiters().stream())
                .map(HeldLock.Waiter::sagaId)
                .toList();
    }

    List<String> bookings() {
        return database.texts("select order_id from stock_move order by order_id");
    }

    /** As if that guest's time were over. */
    void timeIsOver(String guest) {
        database.jdbc()
                .update("update saga_semantic_lock_waiter set deadline_at = now() where saga_id = ?", saga(guest));
        database.jdbc()
                .update("update saga_inbox_redelivery set next_attempt_at = now() where saga_id = ?", saga(guest));
    }
}
