package io.amends.saga.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.saga.Escalation;
import io.amends.saga.definition.RetryPolicy;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.engine.Conversation.Book;
import io.amends.saga.engine.Conversation.Booked;
import io.amends.saga.engine.Conversation.Cancel;
import io.amends.saga.engine.Conversation.Send;
import io.amends.saga.engine.Conversation.Trip;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Steps of one order run at once and join once; on the way back, too. */
class ParallelTest {

    private final AtomicBoolean broken = new AtomicBoolean(true);

    /** Three at once with one attempt each: the car is parked, the flight alerts, the hotel turns back. */
    private static SagaDefinition saga() {
        RetryPolicy once = RetryPolicy.DEFAULT.withAttempts(1);
        return SagaDefinition.named("at-once")
                .data(Trip.class)
                .step("car", "rental", Book.class, trip -> new Book("car"))
                .compensatedBy("rental", Cancel.class, trip -> new Cancel("car"))
                .retry(once)
                .onExhausted(Escalation.PARK)
                .alongside()
                .step("flight", "airline", Book.class, trip -> new Book("seat"))
                .compensatedBy("airline", Cancel.class, trip -> new Cancel("seat"))
                .retry(once)
                .onExhausted(Escalation.ALERT_ONLY)
                .alongside()
                .step("hotel", "grand", Book.class, trip -> new Book("room"))
                .compensatedBy("grand", Cancel.class, trip -> new Cancel("room"))
                .retry(once)
                .build();
    }

    private static Conversation started() {
        return Conversation.started(saga());
    }

    @Test
    void all_branches_are_asked_at_once_and_join_once() {
        Conversation saga = started();
        assertThat(saga.effects())
                .containsExactly("action car -> rental", "action flight -> airline", "action hotel -> grand");

        assertThat(saga.succeeds("hotel").effects()).isEmpty();
        assertThat(saga.succeeds("hotel").disposition()).isEqualTo(Disposition.DUPLICATE);
        assertThat(saga.succeeds("flight").effects()).isEmpty();
        assertThat(saga.succeeds("car").effects()).containsExactly("COMPLETED");
    }

    @Test
    void a_rejected_branch_waits_for_one_that_tries_again() {
        Conversation saga = Conversation.started(TripSagas.parallel())
                .succeeds("visa")
                .errs("flight")
                .rejects("car")
                .succeeds("hotel");
        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPENSATING);
        assertThat(saga.effects()).isEmpty();

        saga.whenDue();
        assertThat(saga.effects()).containsExactly("action flight -> airline #2");
        assertThat(saga.succeeds("flight").effects())
                .containsExactly("compensation flight -> airline", "compensation hotel -> grand");
        assertThat(saga.compensated("flight").effects()).isEmpty();
        assertThat(saga.compensated("hotel").effects()).containsExactly("compensation visa -> consul");
    }

    @Test
    void an_open_branch_whose_attempts_are_spent_on_the_way_back_is_compensated_as_unknown() {
        Conversation saga = started().rejects("hotel").succeeds("flight").errs("car");

        // It would be parked on the way forward; on the way back its compensation is safe.
        assertThat(saga.effects()).containsExactly("compensation car -> rental", "compensation flight -> airline");
        assertThat(saga.cause()).extracting(Cause::code).isEqualTo(ReasonCode.REJECTED);
    }

    @Test
    void alert_only_ends_once_the_instance_has_turned_back() {
        assertThat(started().rejects("hotel").succeeds("car").errs("flight").effects())
                .containsExactly("compensation car -> rental", "compensation flight -> airline");
        assertThat(started().rejects("hotel").succeeds("car").afterSeconds(30).effects())
                .containsExactly("compensation car -> rental", "compensation flight -> airline");
        assertThat(started().succeeds("hotel").succeeds("car").errs("flight").effects())
                .containsExactly("alert RETRIES_EXHAUSTED");
    }

    @Test
    void a_second_rejection_does_not_change_the_cause() {
        Conversation saga = started().rejects("hotel");
        Cause first = saga.cause();
        assertThat(saga.effects()).containsExactly("COMPENSATING");

        saga.rejects("flight");

        assertThat(saga.cause()).isEqualTo(first);
        assertThat(saga.state().reason()).contains("hotel");
        assertThat(saga.effects()).isEmpty();
    }

    @Test
    void a_parked_branch_stays_the_reason_while_others_answer() {
        Conversation saga = started().errs("car").succeeds("hotel");
        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(saga.state().reason()).isEqualTo("step 'car': 'rental' gave up with error-reply");

        saga.succeeds("flight");
        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(saga.succeeds("car").phase()).isEqualTo(SagaPhase.COMPLETED);
    }

    @Test
    void an_instance_that_goes_on_behind_the_last_obstacle_names_the_one_that_is_left() {
        Conversation saga = started().errs("car").errsForGood("flight");
        assertThat(saga.state().reason()).contains("flight");
        assertThat(saga.reasonCode()).isEqualTo(ReasonCode.NON_RETRYABLE);

        saga.succeeds("flight");

        assertThat(saga.state().reason()).isEqualTo("the outcome of step 'car' is unknown: 'rental' gave up");
        assertThat(saga.reasonCode()).isEqualTo(ReasonCode.RETRIES_EXHAUSTED);
    }

    @Test
    void a_branch_that_turns_back_takes_the_parked_one_with_it() {
        Conversation saga = started().errs("car").succeeds("flight").rejects("hotel");

        assertThat(saga.effects())
                .containsExactly("COMPENSATING", "compensation car -> rental", "compensation flight -> airline");
        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPENSATING);
    }

    private SagaDefinition throwing(boolean back) {
        return SagaDefinition.named("throwing")
                .data(Trip.class)
                .step("car", "rental", Book.class, trip -> new Book("car"))
                .compensatedBy("rental", Cancel.class, trip -> new Cancel("car"))
                .alongside()
                .step("flight", "airline", Book.class, trip -> back ? new Book("seat") : work(new Book("seat")))
                .compensatedBy("airline", Cancel.class, trip -> back ? work(new Cancel("seat")) : new Cancel("seat"))
                .alongside()
                .step("hotel", "grand", Book.class, trip -> new Book("room"))
                .compensatedBy("grand", Cancel.class, trip -> new Cancel("room"))
                .pivot("pay", "bank", Book.class, trip -> new Book("payment"))
                .build();
    }

    private <T> T work(T result) {
        if (broken.get()) {
            throw new IllegalStateException("out of order");
        }
        return result;
    }

    @Test
    void branches_that_could_not_be_begun_are_begun_together_once_they_can() {
        Conversation saga = Conversation.started(throwing(false));
        assertThat(saga.effects()).containsExactly("action car -> rental", "STUCK");

        broken.set(false);
        saga.tell(new SagaEvent.RetryNow());

        assertThat(saga.effects())
                .containsExactly("action car -> rental", "action flight -> airline", "action hotel -> grand");
        assertThat(saga.phase()).isEqualTo(SagaPhase.RUNNING);
    }

    @Test
    void compensations_that_could_not_be_begun_are_begun_together_too() {
        Conversation saga = Conversation.started(throwing(true))
                .succeeds("car")
                .succeeds("flight")
                .succeeds("hotel")
                .rejects("pay");
        assertThat(saga.effects()).containsExactly("COMPENSATING", "compensation car -> rental", "STUCK");
        assertThat(saga.reasonCode()).isEqualTo(ReasonCode.COMPENSATION_FAILED);

        broken.set(false);
        saga.tell(new SagaEvent.RetryNow());

        assertThat(saga.effects())
                .containsExactly(
                        "compensation car -> rental", "compensation flight -> airline", "compensation hotel -> grand");
        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPENSATING);
    }

    @Test
    void what_cannot_be_undone_and_is_unknown_on_the_way_back_is_announced_as_stuck() {
        Conversation saga = Conversation.started(beside()).rejects("hotel");
        assertThat(saga.effects()).containsExactly("COMPENSATING");

        saga.errs("mail");

        assertThat(saga.effects()).containsExactly("STUCK");
        assertThat(saga.reasonCode()).isEqualTo(ReasonCode.RETRIES_EXHAUSTED);
        assertThat(saga.state().reason()).isEqualTo("the outcome of step 'mail' is unknown: 'post' gave up");
        assertThat(saga.cause()).extracting(Cause::code).isEqualTo(ReasonCode.REJECTED);
        assertThat(saga.succeedsWith("mail", new Booked("1")).effects()).containsExactly("COMPENSATED");
    }

    private static SagaDefinition beside() {
        return SagaDefinition.named("beside")
                .data(Trip.class)
                .step("hotel", "grand", Book.class, trip -> new Book("room"))
                .compensatedBy("grand", Cancel.class, trip -> new Cancel("room"))
                .alongside()
                .retriable("mail", "post", Send.class, trip -> new Send("tickets"))
                .retry(RetryPolicy.DEFAULT.withAttempts(1))
                .build();
    }

    @Test
    void what_stands_beside_a_step_that_can_be_undone_decides_nothing() {
        Conversation saga = Conversation.started(beside()).succeeds("mail").tell(new SagaEvent.TurnBack("x"));

        assertThat(saga.effects()).containsExactly("COMPENSATING", "compensation hotel -> grand");
    }

    @Test
    void retry_on_the_way_back_asks_only_for_what_cannot_be_undone() {
        Conversation open = Conversation.started(beside()).tell(new SagaEvent.TurnBack("x"));
        assertThat(open.status("hotel")).isEqualTo(StepStatus.UNKNOWN);
        assertThat(open.tell(new SagaEvent.RetryNow()).effects()).containsExactly("action mail -> post");

        Conversation unknown = Conversation.started(beside()).rejects("hotel").errs("mail");
        assertThat(unknown.tell(new SagaEvent.RetryNow()).effects()).containsExactly("action mail -> post");
        assertThat(unknown.phase()).isEqualTo(SagaPhase.COMPENSATING);
    }

    @Test
    void a_reason_that_speaks_of_the_step_in_the_way_stays_as_it_is() {
        Conversation saga = started().errsForGood("car").succeeds("flight");

        assertThat(saga.reasonCode()).isEqualTo(ReasonCode.NON_RETRYABLE);
        assertThat(saga.state().reason()).isEqualTo("step 'car': 'rental' gave up with error-reply");
    }
}
