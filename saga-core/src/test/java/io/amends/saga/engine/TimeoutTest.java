package io.amends.saga.engine;

import static io.amends.saga.engine.CommandKind.ACTION;
import static org.assertj.core.api.Assertions.assertThat;

import io.amends.saga.Escalation;
import io.amends.saga.definition.RetryPolicy;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.engine.Conversation.Book;
import io.amends.saga.engine.Conversation.Cancel;
import io.amends.saga.engine.Conversation.Trip;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A reply that does not come says nothing about the effect: the same command is sent again. */
class TimeoutTest {

    private static SagaDefinition saga(Escalation escalation) {
        return SagaDefinition.named("overdue")
                .data(Trip.class)
                .step("hotel", "grand", Book.class, trip -> new Book("room"))
                .compensatedBy("grand", Cancel.class, trip -> new Cancel("room"))
                .step("car", "rental", Book.class, trip -> new Book("car"))
                .compensatedBy("rental", Cancel.class, trip -> new Cancel("car"))
                .timeout(Duration.ofSeconds(10))
                .retry(RetryPolicy.DEFAULT.withAttempts(2))
                .onExhausted(escalation)
                .compensationTimeout(Duration.ofSeconds(7))
                .pivot("flight", "airline", Book.class, trip -> new Book("seat"))
                .build();
    }

    private static Conversation atTheCar(Escalation escalation) {
        return Conversation.started(saga(escalation)).succeeds("hotel");
    }

    @Test
    void no_reply_in_time_sends_the_same_command_again() {
        Conversation saga = atTheCar(Escalation.COMPENSATE);
        assertThat(saga.dueInSeconds()).isEqualTo(10);
        assertThat(saga.after(Duration.ofMillis(9_999)).effects()).isEmpty();

        saga.after(Duration.ofMillis(1));

        assertThat(saga.effects()).containsExactly("action car -> rental #2");
        assertThat(saga.phase()).isEqualTo(SagaPhase.RUNNING);
        assertThat(saga.dueInSeconds()).isEqualTo(10);
        assertThat(saga.succeeds("car").effects()).containsExactly("action flight -> airline");
    }

    @Test
    void half_a_minute_is_waited_where_nothing_is_declared() {
        assertThat(Conversation.started(saga(Escalation.COMPENSATE)).dueInSeconds())
                .isEqualTo(30);
    }

    @Test
    void spent_attempts_leave_the_outcome_unknown_and_the_step_is_compensated_first() {
        Conversation saga = atTheCar(Escalation.COMPENSATE).whenDue().whenDue();

        assertThat(saga.effects()).containsExactly("COMPENSATING", "compensation car -> rental");
        assertThat(saga.cause())
                .isEqualTo(new Cause(ReasonCode.RETRIES_EXHAUSTED, "step 'car': 'rental' did not reply to 2 attempts"));
        assertThat(saga.dueInSeconds()).isEqualTo(7);
    }

    @Test
    void a_late_reply_to_what_is_being_compensated_changes_nothing() {
        Conversation saga = atTheCar(Escalation.COMPENSATE).whenDue().whenDue();

        assertThat(saga.tell(Conversation.reply("car", ACTION, "rental", Outcome.SUCCESS))
                        .disposition())
                .isEqualTo(Disposition.LATE);
        saga.compensated("car");
        assertThat(saga.tell(Conversation.reply("car", ACTION, "rental", Outcome.REJECTION))
                        .disposition())
                .isEqualTo(Disposition.LATE);
        saga.compensated("hotel");
        assertThat(saga.tell(Conversation.reply("car", ACTION, "rental", Outcome.SUCCESS))
                        .disposition())
                .isEqualTo(Disposition.LATE);
        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPENSATED);
    }

    @Test
    void a_parked_step_is_unknown_until_it_answers() {
        Conversation saga = atTheCar(Escalation.PARK).whenDue().whenDue();
        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(saga.status("car")).isEqualTo(StepStatus.UNKNOWN);
        assertThat(saga.state().step("car").outcome()).isNull();
        assertThat(saga.dueInSeconds()).isNull();

        assertThat(saga.rejects("car").effects()).containsExactly("COMPENSATING", "compensation hotel -> grand");
    }

    @Test
    void alert_only_sends_on_with_the_longest_wait_between() {
        Conversation saga = atTheCar(Escalation.ALERT_ONLY).whenDue().whenDue();

        assertThat(saga.effects()).containsExactly("alert RETRIES_EXHAUSTED", "action car -> rental #3");
        assertThat(saga.dueInSeconds()).isEqualTo(60);
        assertThat(saga.whenDue().effects()).containsExactly("alert RETRIES_EXHAUSTED", "action car -> rental #4");
        assertThat(saga.phase()).isEqualTo(SagaPhase.RUNNING);
        assertThat(saga.succeeds("car").effects()).containsExactly("action flight -> airline");
    }

    @Test
    void a_timeout_longer_than_the_longest_wait_stays_as_it_is() {
        SagaDefinition patient = SagaDefinition.named("patient")
                .data(Trip.class)
                .pivot("flight", "airline", Book.class, trip -> new Book("seat"))
                .timeout(Duration.ofMinutes(5))
                .retry(RetryPolicy.DEFAULT.withAttempts(1))
                .onExhausted(Escalation.ALERT_ONLY)
                .build();

        assertThat(Conversation.started(patient).whenDue().dueInSeconds()).isEqualTo(300);
    }

    @Test
    void the_time_for_all_attempts_counts_from_the_first() {
        SagaDefinition within = SagaDefinition.named("within")
                .data(Trip.class)
                .pivot("flight", "airline", Book.class, trip -> new Book("seat"))
                .timeout(Duration.ofSeconds(10))
                .retry(RetryPolicy.DEFAULT.within(Duration.ofSeconds(20)))
                .build();
        Conversation saga = Conversation.started(within).whenDue().whenDue();
        assertThat(saga.effects()).containsExactly("action flight -> airline #3");

        assertThat(saga.whenDue().effects()).containsExactly("STUCK");
    }

    @Test
    void every_due_step_is_handled_one_by_one() {
        Conversation saga =
                Conversation.started(TripSagas.parallel()).succeeds("visa").pass(Duration.ofMinutes(1));

        assertThat(saga.tell(new SagaEvent.TimeCame()).effects()).containsExactly("action car -> rental #2");
        assertThat(saga.tell(new SagaEvent.TimeCame()).effects()).containsExactly("action flight -> airline #2");
        assertThat(saga.tell(new SagaEvent.TimeCame()).effects()).containsExactly("action hotel -> grand #2");
        assertThat(saga.tell(new SagaEvent.TimeCame()).disposition()).isEqualTo(Disposition.DUPLICATE);
    }

    @Test
    void an_error_that_comes_twice_counts_once() {
        Conversation saga = atTheCar(Escalation.COMPENSATE).errs("car");
        SagaState before = saga.state();

        saga.errs("car");

        assertThat(saga.disposition()).isEqualTo(Disposition.DUPLICATE);
        assertThat(saga.state()).isSameAs(before);
    }
}
