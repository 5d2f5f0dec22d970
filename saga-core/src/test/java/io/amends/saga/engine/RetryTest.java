package io.amends.saga.engine;

import static io.amends.saga.engine.CommandKind.ACTION;
import static org.assertj.core.api.Assertions.assertThat;

import io.amends.saga.Escalation;
import io.amends.saga.definition.RetryPolicy;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.engine.Conversation.Book;
import io.amends.saga.engine.Conversation.Booked;
import io.amends.saga.engine.Conversation.Cancel;
import io.amends.saga.engine.Conversation.Trip;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Errors: the next attempt follows after a wait; once the attempts are spent, what the step declares. */
class RetryTest {

    /** Three attempts, after exactly 2 and 4 seconds. */
    private static final RetryPolicy POLICY = RetryPolicy.DEFAULT
            .withAttempts(3)
            .withBackoff(Duration.ofSeconds(2), Duration.ofSeconds(40))
            .withoutJitter();

    private static SagaDefinition saga(Escalation escalation, RetryPolicy policy) {
        return SagaDefinition.named("retried")
                .data(Trip.class)
                .step("hotel", "grand", Book.class, trip -> new Book("room"))
                .compensatedBy("grand", Cancel.class, trip -> new Cancel("room"))
                .step("car", "rental", Book.class, trip -> new Book("car"))
                .compensatedBy("rental", Cancel.class, trip -> new Cancel("car"))
                .retry(policy)
                .onExhausted(escalation)
                .pivot("flight", "airline", Book.class, trip -> new Book("seat"))
                .retry(policy)
                .onExhausted(escalation)
                .build();
    }

    private static Conversation atTheCar(Escalation escalation) {
        return Conversation.started(saga(escalation, POLICY)).succeeds("hotel");
    }

    private static Conversation spent(Escalation escalation) {
        return atTheCar(escalation)
                .errs("car")
                .afterSeconds(2)
                .errs("car")
                .afterSeconds(4)
                .errs("car");
    }

    @Test
    void an_error_is_waited_out_and_the_same_command_follows() {
        Conversation saga = atTheCar(Escalation.COMPENSATE).errs("car");
        assertThat(saga.phase()).isEqualTo(SagaPhase.RUNNING);
        assertThat(saga.status("car")).isEqualTo(StepStatus.SENT);
        assertThat(saga.state().step("car").error()).isEqualTo("error-reply");
        assertThat(saga.effects()).isEmpty();
        assertThat(saga.dueInSeconds()).isEqualTo(2);

        assertThat(saga.pass(Duration.ofMillis(1999))
                        .tell(new SagaEvent.TimeCame())
                        .disposition())
                .isEqualTo(Disposition.DUPLICATE);
        saga.after(Duration.ofMillis(1));

        assertThat(saga.effects()).containsExactly("action car -> rental #2");
        assertThat(saga.state().step("car").attempts()).isEqualTo(2);
        assertThat(saga.state().step("car").error()).isNull();
        assertThat(saga.dueInSeconds()).isEqualTo(RetryPolicy.DEFAULT_TIMEOUT.toSeconds());
    }

    @Test
    void where_an_error_came_from_is_known_as_long_as_the_error_and_while_the_saga_is_stuck_for_it() {
        Conversation saga = atTheCar(Escalation.PARK).errsAt("car", "com.rental.Cars.book:3");
        assertThat(saga.state().step("car").errorFrames()).isEqualTo("com.rental.Cars.book:3");
        saga.whenDue();
        assertThat(saga.state().step("car").errorFrames()).isNull();

        saga.errsAt("car", null);
        assertThat(saga.state().step("car").errorFrames()).isNull();
        saga.whenDue().errsAt("car", "com.rental.Cars.book:5");
        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(saga.state().reasonFrames()).isEqualTo("com.rental.Cars.book:5");

        saga.tell(new SagaEvent.ExtendDeadline(saga.now()));
        assertThat(saga.state().reasonFrames()).isEqualTo("com.rental.Cars.book:5");
        saga.succeeds("car");
        assertThat(saga.state().reasonFrames()).isNull();
    }

    @Test
    void waits_grow_from_error_to_error() {
        Conversation saga =
                atTheCar(Escalation.COMPENSATE).errs("car").whenDue().errs("car");

        assertThat(saga.dueInSeconds()).isEqualTo(4);
        assertThat(saga.whenDue().effects()).containsExactly("action car -> rental #3");
    }

    @Test
    void with_jitter_the_wait_is_the_part_that_chance_draws() {
        SagaDefinition jittered = saga(
                Escalation.COMPENSATE, RetryPolicy.DEFAULT.withBackoff(Duration.ofSeconds(8), Duration.ofSeconds(8)));

        assertThat(Conversation.started(jittered)
                        .succeeds("hotel")
                        .chance(0.25)
                        .errs("car")
                        .dueInSeconds())
                .isEqualTo(2);
        assertThat(Conversation.started(jittered)
                        .succeeds("hotel")
                        .chance(0.75)
                        .errs("car")
                        .dueInSeconds())
                .isEqualTo(6);
    }

    @Test
    void a_success_or_a_rejection_while_the_next_attempt_is_waited_for_counts() {
        assertThat(atTheCar(Escalation.PARK).errs("car").succeeds("car").effects())
                .containsExactly("action flight -> airline");
        assertThat(atTheCar(Escalation.PARK).errs("car").rejects("car").effects())
                .containsExactly("COMPENSATING", "compensation hotel -> grand");
    }

    @Test
    void spent_attempts_turn_back_and_the_unknown_step_is_compensated_first() {
        Conversation saga = spent(Escalation.COMPENSATE);
        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPENSATING);
        assertThat(saga.effects()).containsExactly("COMPENSATING", "compensation car -> rental");
        assertThat(saga.cause())
                .isEqualTo(new Cause(ReasonCode.RETRIES_EXHAUSTED, "step 'car': 'rental' gave up with error-reply"));

        saga.compensated("car");
        assertThat(saga.effects()).containsExactly("compensation hotel -> grand");
        saga.compensated("hotel");
        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPENSATED);
        assertThat(saga.reasonCode()).isEqualTo(ReasonCode.RETRIES_EXHAUSTED);
    }

    @Test
    void spent_attempts_park_where_the_step_says_so_and_a_late_answer_lets_the_saga_go_on() {
        Conversation saga = spent(Escalation.PARK);
        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(saga.reasonCode()).isEqualTo(ReasonCode.RETRIES_EXHAUSTED);
        assertThat(saga.state().reason()).isEqualTo("step 'car': 'rental' gave up with error-reply");
        assertThat(saga.status("car")).isEqualTo(StepStatus.UNKNOWN);
        assertThat(saga.effects()).containsExactly("STUCK");
        assertThat(saga.dueInSeconds()).isNull();

        saga.succeeds("car");

        assertThat(saga.phase()).isEqualTo(SagaPhase.RUNNING);
        assertThat(saga.reasonCode()).isNull();
        assertThat(saga.state().reason()).isNull();
        assertThat(saga.effects()).containsExactly("action flight -> airline");
    }

    @Test
    void spent_attempts_of_alert_only_go_on_at_the_longest_wait() {
        Conversation saga = spent(Escalation.ALERT_ONLY);
        assertThat(saga.effects()).containsExactly("alert RETRIES_EXHAUSTED");
        assertThat(saga.phase()).isEqualTo(SagaPhase.RUNNING);
        assertThat(saga.dueInSeconds()).isEqualTo(40);

        saga.whenDue();
        assertThat(saga.effects()).containsExactly("action car -> rental #4");
        saga.errs("car");
        assertThat(saga.effects()).containsExactly("alert RETRIES_EXHAUSTED");
        saga.whenDue().succeeds("car");
        assertThat(saga.effects()).containsExactly("action flight -> airline");
    }

    @Test
    void an_attempt_without_end_never_follows_at_once() {
        RetryPolicy atOnce = POLICY.withAttempts(1).withBackoff(Duration.ZERO, Duration.ZERO);

        Conversation saga = Conversation.started(saga(Escalation.ALERT_ONLY, atOnce))
                .succeeds("hotel")
                .errs("car");

        assertThat(saga.dueInSeconds()).isEqualTo(1);
    }

    @Test
    void a_pivot_that_was_asked_is_never_turned_back_from() {
        Conversation saga = atTheCar(Escalation.COMPENSATE).succeeds("car");
        for (int attempt = 1; attempt < 3; attempt++) {
            saga.errs("flight").whenDue();
        }
        saga.errs("flight");

        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(saga.reasonCode()).isEqualTo(ReasonCode.RETRIES_EXHAUSTED);
        assertThat(saga.effects()).containsExactly("STUCK");
        assertThat(saga.cause()).isNull();
        assertThat(saga.rejects("flight").effects()).containsExactly("COMPENSATING", "compensation car -> rental");
    }

    @Test
    void a_permanent_error_is_not_tried_again() {
        Conversation saga = atTheCar(Escalation.PARK).errsForGood("car");
        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(saga.reasonCode()).isEqualTo(ReasonCode.NON_RETRYABLE);
        assertThat(saga.state().step("car").attempts()).isEqualTo(1);

        assertThat(atTheCar(Escalation.ALERT_ONLY).errsForGood("car").phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(atTheCar(Escalation.COMPENSATE).errsForGood("car").cause())
                .isEqualTo(new Cause(ReasonCode.NON_RETRYABLE, "step 'car': 'rental' gave up with error-reply"));
    }

    @Test
    void the_time_for_all_attempts_ends_them_early() {
        SagaDefinition within = saga(Escalation.PARK, POLICY.withAttempts(9).within(Duration.ofSeconds(5)));
        Conversation saga = Conversation.started(within).succeeds("hotel").errs("car");
        assertThat(saga.phase()).isEqualTo(SagaPhase.RUNNING);

        // The next one would come four seconds after the second.
        saga.whenDue().errs("car");

        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(saga.state().step("car").attempts()).isEqualTo(2);
    }

    @Test
    void an_attempt_that_fits_the_time_exactly_is_made() {
        SagaDefinition within = saga(Escalation.PARK, POLICY.within(Duration.ofSeconds(6)));
        Conversation saga =
                Conversation.started(within).succeeds("hotel").errs("car").whenDue();

        assertThat(saga.errs("car").phase()).isEqualTo(SagaPhase.RUNNING);
        assertThat(saga.whenDue().effects()).containsExactly("action car -> rental #3");
    }

    private static SagaDefinition changing(UnaryOperator<Book> car) {
        return SagaDefinition.named("changing")
                .data(Trip.class)
                .step("car", "rental", Book.class, trip -> new Book("car"))
                .compensatedBy("rental", Cancel.class, trip -> new Cancel("car"))
                .onlyIf(trip -> !trip.notes().contains("walk"))
                .alongside()
                .step(
                        "van",
                        Book.class,
                        trip -> io.amends.saga.Commands.to(
                                trip.notes().contains("near") ? "next-door" : "rental", car.apply(new Book("van"))))
                .compensatedBy("rental", Cancel.class, trip -> new Cancel("van"))
                .alongside()
                .step("hotel", "grand", Book.class, trip -> new Book("room"))
                .compensatedBy("grand", Cancel.class, trip -> new Cancel("room"))
                .onReply(Booked.class, (trip, booked) -> trip.note(booked.number()))
                .build();
    }

    @Test
    void a_command_that_was_sent_and_is_no_longer_made_is_stuck_instead_of_waiting_for_ever() {
        Conversation saga = Conversation.started(changing(car -> car))
                .succeedsWith("hotel", new Booked("walk"))
                .errs("car")
                .whenDue();

        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(saga.reasonCode()).isEqualTo(ReasonCode.NON_RETRYABLE);
        assertThat(saga.state().reason()).isEqualTo("the action of step 'car' was sent to 'rental' and is empty now");
        // It may have had its effect: an operator's retry does not take it as skipped either.
        assertThat(saga.tell(new SagaEvent.RetryNow()).status("car")).isEqualTo(StepStatus.SENT);
        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
    }

    @Test
    void a_command_does_not_go_to_somebody_else_by_itself() {
        Conversation saga = Conversation.started(changing(car -> car))
                .succeedsWith("hotel", new Booked("near"))
                .errs("van")
                .whenDue();
        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(saga.state().reason())
                .isEqualTo("the action of step 'van' was sent to 'rental' and would go to 'next-door' now");

        saga.tell(new SagaEvent.RetryNow());

        assertThat(saga.effects()).contains("action van -> next-door");
    }

    @Test
    void a_local_step_that_throws_runs_again_and_then_turns_back_without_a_compensation_of_its_own() {
        Conversation saga = Conversation.started(TripSagas.local()).chance(0.9).threw("quota", ACTION);
        assertThat(saga.phase()).isEqualTo(SagaPhase.RUNNING);
        assertThat(saga.state().step("quota").error()).contains("no paper");
        assertThat(saga.whenDue().effects()).containsExactly("run action quota");

        saga.threwForGood("quota", ACTION);

        // What it wrote was undone with it.
        assertThat(saga.effects()).containsExactly("COMPENSATING", "COMPENSATED");
        assertThat(saga.status("quota")).isEqualTo(StepStatus.SKIPPED);
        assertThat(saga.cause())
                .isEqualTo(new Cause(
                        ReasonCode.NON_RETRYABLE,
                        "step 'quota': the saga itself gave up with java.lang.IllegalStateException: no printer"));
    }

    @Test
    void a_local_pivot_that_threw_has_decided_nothing() {
        Conversation saga = Conversation.started(TripSagas.local())
                .ran("quota", ACTION)
                .succeeds("hotel")
                .threwForGood("invoice", ACTION);

        assertThat(saga.effects()).containsExactly("COMPENSATING", "compensation hotel -> grand");
    }

    @Test
    void a_local_step_behind_the_pivot_is_stuck_and_runs_again_on_request() {
        Conversation saga = Conversation.started(TripSagas.local())
                .ran("quota", ACTION)
                .succeeds("hotel")
                .ran("invoice", ACTION)
                .threwForGood("archive", ACTION);
        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(saga.reasonCode()).isEqualTo(ReasonCode.NON_RETRYABLE);

        saga.tell(new SagaEvent.RetryNow());
        assertThat(saga.effects()).containsExactly("run action archive");
        assertThat(saga.ran("archive", ACTION).phase()).isEqualTo(SagaPhase.COMPLETED);
    }

    @Test
    void an_error_after_the_attempts_were_spent_without_a_reply_says_what_went_wrong() {
        Conversation saga =
                atTheCar(Escalation.PARK).afterSeconds(30).afterSeconds(30).afterSeconds(30);
        assertThat(saga.state().reason()).isEqualTo("step 'car': 'rental' did not reply to 3 attempts");

        saga.errs("car");

        assertThat(saga.state().reason()).isEqualTo("step 'car': 'rental' gave up with error-reply");
        // It has been stuck for the same before, and nobody is told twice.
        assertThat(saga.effects()).isEmpty();
        assertThat(saga.errs("car").disposition()).isEqualTo(Disposition.DUPLICATE);
    }

    @Test
    void a_parked_local_step_has_nothing_to_compensate_when_an_operator_turns_back() {
        SagaDefinition parked = SagaDefinition.named("parked")
                .data(Trip.class)
                .localStep("quota", trip -> trip)
                .compensatedLocallyBy(trip -> trip)
                .onExhausted(Escalation.PARK)
                .build();
        Conversation saga = Conversation.started(parked).threwForGood("quota", ACTION);
        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);

        saga.tell(new SagaEvent.TurnBack("no quota, no trip"));

        assertThat(saga.effects()).containsExactly("COMPENSATING", "COMPENSATED");
    }
}
