package io.amends.test.saga;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.amends.saga.Escalation;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.engine.Disposition;
import io.amends.saga.engine.ReasonCode;
import io.amends.saga.engine.SagaPhase;
import io.amends.saga.engine.StepStatus;
import io.amends.test.saga.Trips.Approved;
import io.amends.test.saga.Trips.Book;
import io.amends.test.saga.Trips.Booked;
import io.amends.test.saga.Trips.Cancel;
import io.amends.test.saga.Trips.Cancelled;
import io.amends.test.saga.Trips.OddSaga;
import io.amends.test.saga.Trips.Pack;
import io.amends.test.saga.Trips.Packed;
import io.amends.test.saga.Trips.Postponed;
import io.amends.test.saga.Trips.SendTickets;
import io.amends.test.saga.Trips.SoldOut;
import io.amends.test.saga.Trips.TooMuch;
import io.amends.test.saga.Trips.Trip;
import io.amends.test.saga.Trips.TripSaga;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A test that is not met says what was expected, what happened, and the whole conversation. */
class SagaTesterFailureTest {

    private record Case(String name, String expected, String happened, ThrowingCallable test) {}

    private static SagaConversation begun() {
        return SagaTester.of(new TripSaga()).given(new Trip("ann", "")).expectCommand("grand", Book.class);
    }

    private static SagaConversation waiting() {
        return begun().reply(new Booked("7"));
    }

    private static AbstractStringAssert<?> failureOf(ThrowingCallable test) {
        AssertionError failure = catchThrowableOfType(AssertionError.class, test);
        assertThat(failure).as("a failure").isNotNull();
        return assertThat(failure.getMessage());
    }

    @Test
    void the_whole_conversation_is_told() {
        failureOf(() -> waiting()
                        .timePasses(Duration.ofSeconds(90))
                        .signal("boss", new Approved())
                        .expectCommand("post", SendTickets.class))
                .isEqualToNormalizingNewlines("""

                        Expected: a command SendTickets to post
                        Happened: the local step quota; -> airline: Book[what=seat] (action of flight)
                        The saga: RUNNING; hotel SUCCEEDED, approval SUCCEEDED, quota SUCCEEDED, flight SENT

                        The conversation so far:
                          +0s        given Trip[guest=ann, room=]
                                       -> grand: Book[what=room for ann] (action of hotel)
                          +0s        grand answers Book (action of hotel) with Booked[number=7]
                          +0s        1m 30s pass
                          +1m 30s    the signal 'boss' is given with Approved[]
                                       the local step quota ran
                                       -> airline: Book[what=seat] (action of flight)
                        """);
    }

    @Test
    void of_a_long_conversation_the_beginning_and_the_end_are_told() {
        failureOf(() -> SagaTester.of(endless())
                        .given(new Trip("ann", ""))
                        .expectCommand("post", SendTickets.class)
                        .timePasses(Duration.ofHours(8))
                        .expectCompleted())
                .contains(
                        "+0s        given Trip",
                        "8h pass",
                        "attempt 3",
                        "lines more",
                        "+7h 59m",
                        "others; an alert RETRIES")
                .doesNotContain("attempt 100)")
                .hasLineCount(87);
    }

    @Test
    void the_test_is_the_first_line_of_the_stack() {
        AssertionError failure =
                catchThrowableOfType(AssertionError.class, () -> waiting().expectCompleted());

        assertThat(failure.getStackTrace()[0].getClassName())
                .isEqualTo(getClass().getName());
    }

    @TestFactory
    Stream<DynamicTest> what_is_not_met_is_told() {
        return Stream.of(
                        new Case(
                                "another command",
                                "the command Book[what=villa] to grand",
                                "-> grand: Book[what=room for ann] (action of hotel)",
                                () -> SagaTester.of(new TripSaga())
                                        .given(new Trip("ann", ""))
                                        .expectCommand("grand", new Book("villa"))),
                        new Case(
                                "another participant",
                                "a command Book to ritz",
                                "-> grand: Book[what=room for ann] (action of hotel)",
                                () -> SagaTester.of(new TripSaga())
                                        .given(new Trip("ann", ""))
                                        .expectCommand("ritz", Book.class)),
                        new Case(
                                "a command that the test does not speak of before it goes on",
                                "no further command",
                                "-> grand: Book[what=room for ann] (action of hotel)",
                                () -> SagaTester.of(new TripSaga())
                                        .given(new Trip("ann", ""))
                                        .timePasses(Duration.ofSeconds(1))),
                        new Case(
                                "a command that is sent once more",
                                "no command",
                                "-> grand: Book[what=room for ann] (action of hotel, attempt 2)",
                                () -> begun().noReply().expectNoCommand()),
                        new Case(
                                "an ignored event that the test does not speak of",
                                "that the last event counts",
                                "the last event was ignored as DUPLICATE; if that is right, say expectIgnored(DUPLICATE)",
                                () -> waiting().replyAgain().expectPhase(SagaPhase.RUNNING)),
                        new Case(
                                "an event that counts",
                                "that the last event is ignored as LATE",
                                "nothing more",
                                () -> waiting().expectIgnored(Disposition.LATE)),
                        new Case(
                                "no compensation",
                                "the compensation of step 'hotel' with Cancel",
                                "nothing more",
                                () -> waiting().expectCompensation("hotel", Cancel.class)),
                        new Case(
                                "another compensation",
                                "the compensation of step 'hotel' with Cancel[what=8]",
                                "the hook for COMPENSATING; -> grand: Cancel[what=] (compensation of hotel)",
                                () -> begun().errorForGood().expectCompensation("hotel", new Cancel("8"))),
                        new Case(
                                "no local step",
                                "that the local step quota ran",
                                "nothing more",
                                () -> waiting().expectLocalStep("quota")),
                        new Case(
                                "no hook",
                                "that the hook for COMPENSATED ran",
                                "the hook for COMPENSATING",
                                () -> begun().reject(new SoldOut())
                                        .expectCompensated()
                                        .expectHook(SagaPhase.COMPENSATED)),
                        new Case(
                                "no alert",
                                "an alert RETRIES_EXHAUSTED",
                                "nothing more",
                                () -> waiting().expectAlert(ReasonCode.RETRIES_EXHAUSTED)),
                        new Case(
                                "another end",
                                "that the saga is COMPLETED",
                                "nothing more",
                                () -> waiting().expectCompleted()),
                        new Case(
                                "another reason",
                                "the reason CANCELLED",
                                "the hook for COMPENSATING",
                                () -> begun().reject(new SoldOut()).expectReason(ReasonCode.CANCELLED)),
                        new Case(
                                "another cause",
                                "the cause CANCELLED",
                                "the cause is REJECTED",
                                () -> begun().reject(new SoldOut()).expectCause(ReasonCode.CANCELLED)),
                        new Case(
                                "another step status",
                                "that step 'hotel' is SENT",
                                "nothing more",
                                () -> waiting().expectStep("hotel", StepStatus.SENT)),
                        new Case(
                                "other data",
                                "the data Trip[guest=bob, room=7]",
                                "the data is Trip[guest=ann, room=7]",
                                () -> waiting().expectData(new Trip("bob", "7"))),
                        new Case(
                                "another time",
                                "that something is due in 1m",
                                "it is due in 30s",
                                () -> begun().expectDueIn(Duration.ofMinutes(1))),
                        new Case(
                                "no time at all",
                                "that something is due in 1m",
                                "nothing is due",
                                () -> begun().reject(new SoldOut()).expectDueIn(Duration.ofMinutes(1))))
                .map(SagaTesterFailureTest::test);
    }

    @TestFactory
    Stream<DynamicTest> a_mistake_of_the_test_is_told() {
        return Stream.of(
                        new Case(
                                "an answer that no handler could give",
                                "an answer to Book that is in its contract: Booked, SoldOut",
                                "the test answers with Cancelled[], which no handler of that command could return",
                                () -> begun().reply(new Cancelled())),
                        new Case(
                                "an answer that is neither yes nor no",
                                "an answer to Pack that is either a Success or a Rejection",
                                "the test answers with TooMuch, which is neither a Success nor a Rejection. Let it implement Rejection if the answer is no, else Success.",
                                () -> SagaTester.of(new OddSaga(new Packed()))
                                        .given(new Trip("ann", ""))
                                        .expectCommand("porter", Pack.class)
                                        .reply(new TooMuch())),
                        new Case(
                                "a word that is neither yes nor no",
                                "a word that is either a Success or a Rejection",
                                "the test gives the signal 'boss' with Postponed, which is neither a Success nor a Rejection.",
                                () -> waiting().signal("boss", new Postponed())),
                        new Case(
                                "an answer to nothing",
                                "that an answer makes sense here",
                                "no command was expected yet, and answering(...) named none",
                                () -> SagaTester.of(new TripSaga())
                                        .given(new Trip("ann", ""))
                                        .reply(new Booked("7"))),
                        new Case(
                                "a second answer before the first",
                                "that replyAgain() makes sense here",
                                "nothing was answered yet",
                                () -> begun().replyAgain()),
                        new Case(
                                "silence after the answer",
                                "that noReply() makes sense here",
                                "no reply to Book (action of hotel) is waited for",
                                () -> waiting().noReply()),
                        new Case(
                                "a step that is not there",
                                "that step 'hostel' makes sense here",
                                "the saga has only [hotel, approval, quota, flight, tickets]",
                                () -> begun().answering("hostel")),
                        new Case(
                                "an answer to what was not sent",
                                "that the command of step 'flight' was sent",
                                "nothing more",
                                () -> begun().answering("flight")),
                        new Case(
                                "waiting for nothing",
                                "that timePassesUntilDue() makes sense here",
                                "nothing is due, however long one waits",
                                () -> begun().reject(new SoldOut()).timePassesUntilDue()),
                        new Case(
                                "waiting for ever",
                                "that noReplyAtAll() makes sense here",
                                "the saga tries without end; say timePasses(...) instead",
                                () -> SagaTester.of(endless())
                                        .given(new Trip("ann", ""))
                                        .expectCommand("post", SendTickets.class)
                                        .noReplyAtAll()),
                        new Case(
                                "a crash after what was spoken of",
                                "that crash() makes sense here",
                                "it must stand directly behind something that happened",
                                () -> begun().crash()),
                        new Case(
                                "a crash while nothing happened",
                                "that crash() makes sense here",
                                "it must stand directly behind something that happened",
                                () -> waiting()
                                        .timePasses(Duration.ofSeconds(1))
                                        .crash()),
                        new Case(
                                "silence while the next attempt is waited for",
                                "that noReply() makes sense here",
                                "no reply to Book (action of hotel) is waited for",
                                () -> begun().error().noReply()),
                        new Case(
                                "a command of another type",
                                "a Cancel",
                                "the command that was expected last is Book[what=room for ann]",
                                () -> begun().command(Cancel.class)))
                .map(SagaTesterFailureTest::test);
    }

    private static SagaDefinition endless() {
        return SagaDefinition.named("endless")
                .data(Trip.class)
                .retriable("tickets", "post", SendTickets.class, trip -> new SendTickets(trip.guest()))
                .onExhausted(Escalation.ALERT_ONLY)
                .build();
    }

    private static DynamicTest test(Case one) {
        return DynamicTest.dynamicTest(
                one.name(),
                () -> failureOf(one.test())
                        .startsWith("%nExpected: %s%nHappened: %s".formatted(one.expected(), one.happened()))
                        .contains("The conversation so far:", "given Trip[guest=ann, room=]"));
    }

    @Test
    void a_command_that_differs_when_the_event_comes_again_is_told() {
        AtomicInteger counter = new AtomicInteger();
        SagaTester impure = SagaTester.of(SagaDefinition.named("impure")
                .data(Trip.class)
                .pivot("flight", "airline", Book.class, trip -> new Book("seat " + counter.incrementAndGet()))
                .build());

        failureOf(() -> impure.given(new Trip("ann", "")).crash())
                .contains(
                        "others were sent, so that some method depends on more than the saga's data",
                        "Book[what=seat 1]",
                        "Book[what=seat 2]");
    }

    @Test
    void data_of_another_saga_is_refused() {
        assertThat(catchThrowableOfType(
                        IllegalArgumentException.class,
                        () -> SagaTester.of(new TripSaga()).given("ann")))
                .hasMessage("The data of saga 'trip' is a Trip, not a String.");
    }

    @Test
    void a_class_instead_of_an_object_is_refused() {
        assertThat(catchThrowableOfType(IllegalArgumentException.class, () -> SagaTester.of(TripSaga.class)))
                .hasMessage("Give an object, new TripSaga(...), not the class: its methods are called.");
    }
}
