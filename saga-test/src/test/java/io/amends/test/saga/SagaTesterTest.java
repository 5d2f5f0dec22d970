package io.amends.test.saga;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.saga.Command;
import io.amends.saga.Reply;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.Disposition;
import io.amends.saga.engine.ReasonCode;
import io.amends.saga.engine.SagaEvent.ExtendDeadline;
import io.amends.saga.engine.SagaEvent.Hold;
import io.amends.saga.engine.SagaEvent.Resume;
import io.amends.saga.engine.SagaEvent.RetryNow;
import io.amends.saga.engine.SagaEvent.Skip;
import io.amends.saga.engine.SagaEvent.TurnBack;
import io.amends.saga.engine.SagaPhase;
import io.amends.saga.engine.StepStatus;
import io.amends.test.saga.Trips.Approved;
import io.amends.test.saga.Trips.Book;
import io.amends.test.saga.Trips.Booked;
import io.amends.test.saga.Trips.Cancel;
import io.amends.test.saga.Trips.Cancelled;
import io.amends.test.saga.Trips.OddSaga;
import io.amends.test.saga.Trips.Refused;
import io.amends.test.saga.Trips.SendTickets;
import io.amends.test.saga.Trips.Sent;
import io.amends.test.saga.Trips.SoldOut;
import io.amends.test.saga.Trips.TooMuch;
import io.amends.test.saga.Trips.Trip;
import io.amends.test.saga.Trips.TripSaga;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Everything that a test can make happen. */
class SagaTesterTest {

    private final TripSaga saga = new TripSaga();
    private final SagaTester tester = SagaTester.of(saga);

    private SagaConversation begun() {
        return tester.given(new Trip("ann", "")).expectCommand("grand", new Book("room for ann"));
    }

    private SagaConversation inHotel() {
        return begun().reply(new Booked("7")).expectNoCommand();
    }

    private SagaConversation atAirline() {
        return inHotel().signal("boss", new Approved()).expectLocalStep("quota").expectCommand("airline", Book.class);
    }

    @Test
    void a_saga_goes_from_its_data_to_its_end() {
        atAirline()
                .reply(new Booked("12A"))
                .expectCommand("post", new SendTickets("ann"))
                .reply(new Sent())
                .expectHook(SagaPhase.COMPLETED)
                .expectCompleted()
                .expectReason(null)
                .expectCause(null)
                .expectData(new Trip("ann", "7"));

        assertThat(saga.diary).containsExactly("quota", "completed");
    }

    @Test
    void a_rejection_is_compensated_in_reverse_order() {
        SagaConversation conversation = atAirline()
                .reject(new SoldOut())
                .expectHook(SagaPhase.COMPENSATING)
                .expectLocalCompensation("quota")
                .expectCompensation("hotel", new Cancel("7"))
                .expectStep("flight", StepStatus.REJECTED);
        assertThat(conversation.command(Cancel.class).what()).isEqualTo("7");

        conversation.reply(new Cancelled()).expectCompensated().expectReason(ReasonCode.REJECTED);

        assertThat(saga.diary).containsExactly("quota", "compensating", "quota back");
        assertThat(conversation.data(Trip.class).guest()).isEqualTo("ann");
    }

    @Test
    void a_local_step_whose_answer_is_neither_yes_nor_no_has_failed_for_good() {
        SagaTester.of(new OddSaga(new TooMuch()))
                .given(new Trip("ann", ""))
                .expectLocalStep("weigh")
                .expectCompensated()
                .expectReason(ReasonCode.NON_RETRYABLE);
    }

    @Test
    void a_signal_can_refuse_and_one_that_nobody_waits_for_is_ignored() {
        begun().signal("boss", new Approved())
                .expectIgnored(Disposition.NOT_ASKED)
                .reply(new Booked("7"))
                .signal("boss", new Refused())
                .expectCompensation("hotel", new Cancel("7"))
                .expectReason(ReasonCode.REJECTED);
    }

    @Test
    void a_reply_that_comes_again_is_ignored() {
        inHotel().replyAgain().expectIgnored(Disposition.DUPLICATE).expectPhase(SagaPhase.RUNNING);
    }

    @Test
    void a_missing_reply_lets_the_same_command_be_sent_again_until_the_attempts_are_spent() {
        SagaConversation conversation = begun().noReply().expectCommand("grand", new Book("room for ann"));
        assertThat(conversation.now()).isEqualTo(Instant.parse("2026-01-01T12:00:30Z"));

        conversation
                .noReplyAtAll()
                .expectCompensation("hotel", new Cancel(""))
                .expectReason(ReasonCode.RETRIES_EXHAUSTED)
                .expectDueIn(Duration.ofSeconds(30));
        assertThat(conversation.now()).isEqualTo(Instant.parse("2026-01-01T12:01:30Z"));

        conversation
                .answering("hotel")
                .reply(new Booked("8"))
                .expectIgnored(Disposition.LATE)
                .answeringCompensationOf("hotel")
                .reply(new Cancelled())
                .expectCompensated();
    }

    @Test
    void an_error_is_followed_by_another_attempt_after_a_wait_that_chance_decides() {
        SagaTester.of(saga)
                .chance(0.25)
                .startingAt(Instant.EPOCH)
                .given(new Trip("ann", ""))
                .expectCommand("grand", Book.class)
                .error()
                .expectNoCommand()
                .expectDueIn(Duration.ofMillis(250))
                .timePasses(Duration.ofMillis(249))
                .expectNoCommand()
                .timePassesUntilDue()
                .expectCommand("grand", Book.class)
                .errorForGood()
                .expectCompensation("hotel", Cancel.class)
                .expectReason(ReasonCode.NON_RETRYABLE);
    }

    @Test
    void time_brings_the_deadline_and_everything_due_before_it() {
        inHotel()
                .timePasses(Duration.ofMinutes(20))
                .expectCompensation("hotel", Cancel.class)
                .expectReason(ReasonCode.RETRIES_EXHAUSTED);
        begun().timePasses(Duration.ofMinutes(2)).expectCompensation("hotel", Cancel.class);
        inHotel()
                .operator(new Hold("audit", null))
                .timePasses(Duration.ofHours(2))
                .operator(new Resume())
                .timePassesUntilDue()
                .expectCompensation("hotel", Cancel.class)
                .expectCause(ReasonCode.DEADLINE_BREACHED);
    }

    @Test
    void a_step_that_is_tried_without_end_raises_alerts() {
        atAirline()
                .reply(new Booked("12A"))
                .expectCommand("post", SendTickets.class)
                .noReply()
                .noReply()
                .expectAlert(ReasonCode.RETRIES_EXHAUSTED)
                .expectPhase(SagaPhase.RUNNING);
    }

    @Test
    void what_a_local_step_throws_is_an_event_and_the_step_runs_again() {
        saga.troubles = 1;
        inHotel()
                .signal("boss", new Approved())
                .expectLocalStep("quota")
                .expectNoCommand()
                .timePassesUntilDue()
                .expectLocalStep("quota")
                .expectCommand("airline", Book.class);
        assertThat(saga.diary).containsExactly("quota", "quota");

        saga.printerIsOnFire = true;
        inHotel()
                .signal("boss", new Approved())
                .expectLocalStep("quota")
                .expectCompensation("hotel", Cancel.class)
                .expectReason(ReasonCode.NON_RETRYABLE);
    }

    @Test
    void a_hook_that_throws_at_the_end_leaves_the_saga_stuck() {
        tester.given(new Trip("jinx", ""))
                .expectCommand("grand", Book.class)
                .reply(new Booked("13"))
                .signal("boss", new Approved())
                .expectCommand("airline", Book.class)
                .reply(new Booked("13F"))
                .expectCommand("post", SendTickets.class)
                .reply(new Sent())
                .expectHook(SagaPhase.COMPLETED)
                .expectStuck(ReasonCode.NON_RETRYABLE);
    }

    @Test
    void an_operator_can_do_what_is_possible() {
        inHotel()
                .operator(new ExtendDeadline(Instant.EPOCH))
                .expectIgnored(Disposition.NOT_ALLOWED)
                .operator(new Skip("approval", CommandKind.ACTION, null))
                .expectCommand("airline", Book.class)
                .operator(new RetryNow())
                .expectCommand("airline", Book.class)
                .operator(new TurnBack("changed our mind"))
                .expectIgnored(Disposition.NOT_ALLOWED);
        begun().operator(new TurnBack("changed our mind"))
                .expectCompensation("hotel", new Cancel(""))
                .expectCause(ReasonCode.CANCELLED);
    }

    @Test
    void after_a_crash_the_same_event_comes_again_and_the_same_commands_are_sent_once() {
        tester.given(new Trip("ann", ""))
                .crash()
                .expectCommand("grand", Book.class)
                .expectNoCommand()
                .reply(new Booked("7"))
                .crash()
                .crash()
                .expectData(new Trip("ann", "7"))
                .signal("boss", new Approved())
                .crash()
                .expectLocalStep("quota")
                .expectCommand("airline", Book.class)
                .expectNoCommand();
        assertThat(saga.diary).containsExactly("quota", "quota");

        SagaConversation later = begun().timePasses(Duration.ofSeconds(45))
                .crash()
                .expectCommand("grand", Book.class)
                .expectNoCommand();
        assertThat(later.now()).isEqualTo(Instant.parse("2026-01-01T12:00:45Z"));
    }

    @Test
    void parallel_steps_are_expected_and_answered_in_any_order() {
        SagaConversation both = SagaTester.of(SagaDefinition.named("both")
                        .data(Trip.class)
                        .step("hotel", "grand", Book.class, trip -> new Book("room"))
                        .compensatedBy("grand", Cancel.class, trip -> new Cancel("room"))
                        .alongside()
                        .step("car", "rental", Book.class, trip -> new Book("car"))
                        .compensatedBy("rental", Cancel.class, trip -> new Cancel("car"))
                        .build())
                .given(new Trip("ann", ""))
                .expectCommand("rental", new Book("car"))
                .expectCommand("grand", new Book("room"))
                .answering("car")
                .reply(new Booked("M-1"))
                .expectStep("hotel", StepStatus.SENT)
                .answering("hotel")
                .reject(new SoldOut());

        both.expectCompensation("car", new Cancel("car")).reply(new Cancelled()).expectCompensated();
    }

    @Test
    void a_step_whose_condition_does_not_hold_sends_nothing() {
        SagaTester.of(SagaDefinition.named("maybe")
                        .data(Trip.class)
                        .retriable("tickets", "post", SendTickets.class, trip -> new SendTickets(trip.guest()))
                        .onlyIf(trip -> !trip.guest().isEmpty())
                        .build())
                .given(new Trip("", ""))
                .expectNoCommand()
                .expectStep("tickets", StepStatus.SKIPPED)
                .expectCompleted();
    }

    @Test
    void of_a_reply_that_the_orchestrator_does_not_know_only_the_outcome_is_taken() {
        SagaTester.of(SagaDefinition.named("open")
                        .data(Trip.class)
                        .pivot("ask", "oracle", Ask.class, trip -> new Ask())
                        .onReply(Reply.class, (trip, reply) -> trip.inRoom("taken"))
                        .build())
                .given(new Trip("ann", ""))
                .expectCommand("oracle", Ask.class)
                .reply(new Booked("7"))
                .expectCompleted()
                .expectData(new Trip("ann", ""));
    }

    record Ask() implements Command<Reply> {}
}
