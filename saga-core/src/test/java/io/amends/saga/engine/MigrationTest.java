package io.amends.saga.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.saga.Command;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Success;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaStages.AfterPivot;
import io.amends.saga.definition.SagaStages.BeforePivot;
import io.amends.saga.definition.StepShape;
import io.amends.saga.engine.Conversation.Book;
import io.amends.saga.engine.Conversation.Booked;
import io.amends.saga.engine.Conversation.Cancel;
import io.amends.saga.engine.Conversation.Send;
import io.amends.saga.engine.Conversation.SoldOut;
import io.amends.saga.engine.Conversation.Trip;
import io.amends.saga.engine.SagaEvent.Hold;
import io.amends.saga.engine.SagaEvent.Migrate;
import io.amends.saga.engine.SagaEvent.ResolveByHand;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An instance that goes on as another version, and what stands in the way of that. */
class MigrationTest {

    private static BeforePivot<Trip> version(int version) {
        return SagaDefinition.named("trip").version(version).data(Trip.class);
    }

    private static BeforePivot<Trip> booked(BeforePivot<Trip> saga, String step, String hotel, String undoneBy) {
        return saga.step(step, hotel, Book.class, trip -> new Book(step))
                .compensatedBy(undoneBy, Cancel.class, trip -> new Cancel(step));
    }

    private static BeforePivot<Trip> hotel(int version) {
        return booked(version(version), "hotel", "grand", "grand");
    }

    private static AfterPivot<Trip> flight(BeforePivot<Trip> saga) {
        return saga.pivot("flight", "airline", Book.class, trip -> new Book("seat"));
    }

    private static AfterPivot<Trip> tickets(AfterPivot<Trip> saga) {
        return saga.retriable("tickets", "post", Send.class, trip -> new Send("tickets"));
    }

    /** hotel, flight (pivot), tickets. */
    private static final SagaDefinition FIRST = tickets(flight(hotel(1))).build();

    private static Conversation atTheHotel() {
        return Conversation.started(FIRST);
    }

    private static Conversation atTheFlight() {
        return atTheHotel().succeeds("hotel");
    }

    private static Conversation atTheTickets() {
        return atTheFlight().succeeds("flight");
    }

    private static Decision migrated(Conversation saga, SagaDefinition to, boolean awaited) {
        return SagaEngine.decide(
                to, saga.state(), new Migrate(1, StepShape.of(FIRST), awaited), new Moment(saga.now(), 0));
    }

    private static Decision migrated(Conversation saga, SagaDefinition to) {
        return migrated(saga, to, false);
    }

    private static void assertRefused(Conversation saga, SagaDefinition to, String sentence) {
        Decision decision = migrated(saga, to);
        assertThat(decision.disposition()).isEqualTo(Disposition.NOT_ALLOWED);
        assertThat(decision.trouble()).contains(sentence);
        assertThat(decision.state()).isSameAs(saga.state());
        assertThat(decision.effects()).isEmpty();
    }

    private static void assertTaken(Conversation saga, SagaDefinition to) {
        Decision decision = migrated(saga, to);
        assertThat(decision.trouble()).isNull();
        assertThat(decision.disposition()).isEqualTo(Disposition.ACCEPTED);
        assertThat(decision.state()).isEqualTo(saga.state());
        assertThat(decision.effects()).isEmpty();
    }

    @Test
    void what_has_not_begun_may_be_any_other_way() {
        SagaDefinition second = hotel(2).step("car", "rental", Book.class, trip -> new Book("car"))
                .compensatedBy("rental", Cancel.class, trip -> new Cancel("car"))
                .pivot("pay", "bank", Book.class, trip -> new Book("all"))
                .build();

        assertTaken(atTheHotel(), second);
        assertTaken(atTheHotel().errs("hotel"), second);
        assertTaken(atTheHotel().tell(new Hold("x", null)), second);
    }

    @Test
    void a_step_that_has_begun_must_be_there() {
        assertRefused(
                atTheFlight(),
                tickets(hotel(2).pivot("train", "railway", Book.class, trip -> new Book("seat")))
                        .build(),
                "Step 'flight' is SENT, and version 2 has no such step.");
    }

    @Test
    void a_step_that_is_held_has_had_its_turn() {
        Conversation held = Conversation.startedHolding(FIRST, "grand");

        assertRefused(
                held, tickets(flight(version(2))).build(), "Step 'hotel' is PENDING, and version 2 has no such step.");
    }

    @Test
    void a_step_that_was_not_needed_may_be_gone() {
        SagaDefinition insured = flight(hotel(1).step("cover", "lloyd", Book.class, trip -> new Book("cover"))
                        .compensatedBy("lloyd", Cancel.class, trip -> new Cancel("cover"))
                        .onlyIf(Trip::insured))
                .build();
        Conversation saga = Conversation.started(insured, new Trip("", false)).succeeds("hotel");
        assertThat(saga.status("cover")).isEqualTo(StepStatus.SKIPPED);

        Decision decision = SagaEngine.decide(
                flight(hotel(2)).build(),
                saga.state(),
                new Migrate(1, StepShape.of(insured), false),
                new Moment(saga.now(), 0));

        assertThat(decision.disposition()).isEqualTo(Disposition.ACCEPTED);
    }

    @Test
    void a_step_that_has_begun_must_be_the_same_and_have_the_same_way_back() {
        assertRefused(
                atTheFlight(),
                tickets(flight(booked(version(2), "hotel", "ritz", "grand"))).build(),
                "Step 'hotel' is SUCCEEDED, and another one in version 2: it was 'COMPENSATABLE: book to grand; compensation: cancel to grand' and would be 'COMPENSATABLE: book to ritz;");
        assertRefused(
                atTheFlight(),
                tickets(flight(booked(version(2), "hotel", "grand", "ritz"))).build(),
                "compensation: cancel to ritz'");
    }

    /** What undoes the hotel is made of its reply. */
    private static SagaDefinition taking(BeforePivot<Trip> saga) {
        return tickets(flight(saga.step("hotel", "grand", Book.class, trip -> new Book("hotel"))
                        .compensatedBy("grand", Cancel.class, trip -> new Cancel(trip.notes()))
                        .onReply(Booked.class, (trip, booked) -> trip.note(booked.number()))
                        .onReply(SoldOut.class, (trip, soldOut) -> trip.note("sold out"))))
                .build();
    }

    @Test
    void a_reply_that_came_must_have_been_taken_as_the_other_version_takes_it() {
        SagaDefinition second = taking(version(2));

        assertTaken(atTheHotel(), second);
        assertRefused(
                atTheFlight(),
                second,
                "Step 'hotel' is SUCCEEDED, and its reply was not taken into the data, as version 2 takes 'booked': what is made of it, such as a compensation, would miss that. Declare in a method with @MigratesData(from = 1) what stands in its place.");
        assertRefused(
                atTheFlight().rejects("flight"), second, "Step 'hotel' is COMPENSATING, and its reply was not taken");
    }

    @Test
    void a_reply_that_was_taken_or_data_that_is_made_anew_stands_in_nobodys_way() {
        SagaDefinition first = taking(version(1));
        Conversation saga = Conversation.started(first).succeeds("hotel");
        Migrate move = new Migrate(1, StepShape.of(first), false);

        assertThat(Migration.obstacles(taking(version(2)), saga.state(), move)).isEmpty();
        // What is taken no more is in the data, which the other version can read or not.
        assertThat(Migration.obstacles(tickets(flight(hotel(2))).build(), saga.state(), move))
                .isEmpty();
        assertTaken(atTheFlight(), taking(version(2).migratesData(1, Trip.class, trip -> trip.note("4711"))));
        assertRefused(
                atTheFlight(),
                taking(version(2).migratesData(3, Trip.class, trip -> trip.note("4711"))),
                "its reply was not taken");
    }

    record Pick(String what) implements Command<PickReply> {}

    sealed interface PickReply extends Reply {}

    sealed interface Picked extends PickReply, Success {}

    record Window(String seat) implements Picked {}

    record Aisle(String seat) implements Picked {}

    record NoSeat() implements PickReply, Rejection {}

    @SafeVarargs
    private static SagaDefinition picking(int version, Class<? extends Reply>... taken) {
        var step = version(version)
                .step("seat", "airline", Pick.class, trip -> new Pick("seat"))
                .compensatedBy("airline", Cancel.class, trip -> new Cancel("seat"));
        for (Class<? extends Reply> type : taken) {
            step = step.onReply(type, (trip, reply) -> trip.note(reply.toString()));
        }
        return flight(step).build();
    }

    private static List<String> obstacles(SagaDefinition first, SagaDefinition second) {
        return Migration.obstacles(
                second,
                Conversation.started(first).succeeds("seat").state(),
                new Migrate(1, StepShape.of(first), false));
    }

    @Test
    void a_reply_may_have_been_taken_as_a_more_general_type_or_type_by_type() {
        assertThat(obstacles(picking(1, PickReply.class), picking(2, Window.class)))
                .isEmpty();
        assertThat(obstacles(picking(1, Picked.class), picking(2, Window.class, Aisle.class, NoSeat.class)))
                .isEmpty();
        assertThat(obstacles(picking(1, Window.class, Aisle.class), picking(2, PickReply.class)))
                .isEmpty();
    }

    @Test
    void where_only_some_replies_were_taken_nobody_knows_whether_the_one_that_came_was() {
        assertThat(obstacles(picking(1, Window.class), picking(2, Window.class, Aisle.class)))
                .singleElement()
                .asString()
                .startsWith(
                        "Step 'seat' is SUCCEEDED, and its reply may not have been taken into the data, as version 2 takes 'aisle': ");
        assertThat(obstacles(picking(1, Window.class, NoSeat.class), picking(2, PickReply.class)))
                .singleElement()
                .asString()
                .contains("its reply may not have been taken into the data, as version 2 takes 'pick-reply': ");
        assertThat(obstacles(picking(1), picking(2, Picked.class)))
                .singleElement()
                .asString()
                .contains("its reply was not taken into the data, as version 2 takes 'picked': ");
    }

    @Test
    void steps_that_have_begun_must_follow_each_other_as_before() {
        SagaDefinition two = flight(booked(hotel(1), "car", "rental", "rental")).build();
        SagaDefinition otherWay = flight(
                        booked(booked(version(2), "car", "rental", "rental"), "hotel", "grand", "grand"))
                .build();
        Conversation saga = Conversation.started(two).succeeds("hotel").succeeds("car");

        Decision decision = SagaEngine.decide(
                otherWay, saga.state(), new Migrate(1, StepShape.of(two), false), new Moment(saga.now(), 0));

        assertThat(decision.trouble())
                .isEqualTo("Steps 'car' and 'hotel' have begun and follow each other otherwise in version 2.");
    }

    @Test
    void a_new_step_may_not_stand_before_one_that_has_begun() {
        SagaDefinition second =
                tickets(flight(booked(hotel(2), "car", "rental", "rental"))).build();

        assertTaken(atTheHotel(), second);
        assertRefused(
                atTheFlight(), second, "Step 'car' has not begun and stands before 'flight' in version 2, which has.");
    }

    @Test
    void what_stood_so_before_may_stand_so_afterwards() {
        // As after an operator went on from an earlier step: the flight is looked at again behind the tickets.
        SagaState lookedAtAgain = atTheTickets().state().with(StepState.pending("flight"));
        Migrate move = new Migrate(1, StepShape.of(FIRST), false);

        assertThat(Migration.obstacles(tickets(flight(hotel(2))).build(), lookedAtAgain, move))
                .isEmpty();
    }

    @Test
    void on_the_way_back_new_steps_do_not_matter() {
        assertTaken(
                atTheFlight().rejects("flight"),
                tickets(flight(booked(hotel(2), "car", "rental", "rental"))).build());
    }

    @Test
    void the_point_of_no_return_stays_on_its_side() {
        SagaDefinition mailed = hotel(1).retriable("tickets", "post", Send.class, trip -> new Send("tickets"))
                .build();
        SagaDefinition paid = SagaDefinition.named("trip")
                .version(2)
                .data(Trip.class)
                .step("hotel", "grand", Book.class, trip -> new Book("hotel"))
                .compensatedBy("grand", Cancel.class, trip -> new Cancel("hotel"))
                .pivot("pay", "bank", Book.class, trip -> new Book("all"))
                .build();
        Conversation past = Conversation.started(mailed).succeeds("hotel");

        // Behind the last step that can be undone there is nothing that may turn the instance back.
        assertThat(Standing.canTurnBack(StepShape.of(mailed), past.state())).isFalse();
        assertThat(SagaEngine.decide(
                                paid,
                                past.state(),
                                new Migrate(1, StepShape.of(mailed), false),
                                new Moment(past.now(), 0))
                        .trouble())
                .contains("It is past its point of no return, and would not be in version 2.");
        assertThat(Migration.obstacles(mailed, past.state(), new Migrate(2, StepShape.of(paid), false)))
                .contains("It can still turn back, and could not in version 1.");
    }

    @Test
    void whose_end_another_saga_waits_for_must_stay_a_sub_saga() {
        SagaDefinition child = tickets(flight(booked(
                        SagaDefinition.named("trip").version(2).asSubSaga().data(Trip.class),
                        "hotel",
                        "grand",
                        "grand")))
                .build();

        assertThat(migrated(atTheTickets(), tickets(flight(hotel(2))).build(), true)
                        .trouble())
                .isEqualTo("A step of another saga waits for its end, and version 2 is no sub-saga.");
        assertThat(migrated(atTheTickets(), child, true).disposition()).isEqualTo(Disposition.ACCEPTED);
    }

    @Test
    void what_is_of_that_version_or_has_ended_is_not_moved() {
        assertRefused(atTheHotel(), FIRST, "It is of version 1 already.");
        Conversation ended = atTheHotel().tell(new ResolveByHand(SagaPhase.COMPLETED, "x"));
        assertThat(migrated(ended, tickets(flight(hotel(2))).build()).disposition())
                .isEqualTo(Disposition.NOT_ALLOWED);
    }

    @Test
    void what_was_left_alone_for_want_of_a_process_goes_on_and_what_is_stuck_otherwise_stays_so() {
        Conversation saga = atTheFlight();
        SagaState leftAlone = saga.state().stuck(ReasonCode.NO_HANDLER_VERSION, "no process has version 1");
        SagaDefinition second = tickets(flight(hotel(2))).build();
        Migrate move = new Migrate(1, StepShape.of(FIRST), false);

        Decision decision = SagaEngine.decide(second, leftAlone, move, new Moment(saga.now(), 0));

        assertThat(decision.state()).isEqualTo(saga.state());
        assertThat(decision.effects()).isEmpty();
        Conversation gaveUp = atTheTickets().errsForGood("tickets");
        assertThat(gaveUp.phase()).isEqualTo(SagaPhase.STUCK);
        assertTaken(gaveUp, second);
    }
}
