package io.amends.saga.engine;

import static io.amends.saga.engine.CommandKind.ACTION;
import static io.amends.saga.engine.CommandKind.COMPENSATION;
import static org.assertj.core.api.Assertions.assertThat;

import io.amends.saga.definition.RetryPolicy;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.engine.Conversation.Book;
import io.amends.saga.engine.Conversation.Cancel;
import io.amends.saga.engine.Conversation.Trip;
import io.amends.saga.engine.SagaEvent.ReplyReceived;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An error says how one attempt went; the attempt that followed it has its own chance. */
class LateErrorTest {

    private static final RetryPolicy THREE = RetryPolicy.DEFAULT.withAttempts(3);

    private static Conversation started() {
        return Conversation.started(SagaDefinition.named("late")
                .data(Trip.class)
                .step("hotel", "grand", Book.class, trip -> new Book("room"))
                .compensatedBy("grand", Cancel.class, trip -> new Cancel("room"))
                .timeout(Duration.ofSeconds(10))
                .retry(THREE)
                .compensationTimeout(Duration.ofSeconds(10))
                .compensationRetry(THREE)
                .pivot("flight", "airline", Book.class, trip -> new Book("seat"))
                .build());
    }

    private static Conversation atTheSecondAttempt() {
        Conversation saga = started().whenDue();
        assertThat(saga.effects()).containsExactly("action hotel -> grand #2");
        return saga;
    }

    private static ReplyReceived ofTheFirst(CommandKind kind, Outcome outcome) {
        return new ReplyReceived("hotel", kind, "grand", outcome, null, "reply", false, 1, 0);
    }

    @Test
    void an_error_of_an_earlier_attempt_is_recorded_and_does_not_use_up_the_current_one() {
        Conversation saga = atTheSecondAttempt();
        SagaState before = saga.state();

        saga.tell(ofTheFirst(ACTION, Outcome.ERROR));

        assertThat(saga.disposition()).isEqualTo(Disposition.LATE);
        assertThat(saga.state()).isEqualTo(before);
        assertThat(saga.whenDue().effects()).containsExactly("action hotel -> grand #3");
        assertThat(saga.succeeds("hotel").effects()).containsExactly("action flight -> airline");
    }

    @Test
    void the_error_of_the_current_attempt_counts() {
        Conversation saga = atTheSecondAttempt().errsAtAttempt(2, "hotel", ACTION);

        assertThat(saga.disposition()).isEqualTo(Disposition.ACCEPTED);
        assertThat(saga.state().step("hotel").error()).isEqualTo("error-reply");
    }

    @Test
    void an_error_of_a_participant_that_does_not_name_the_attempt_counts() {
        Conversation saga = atTheSecondAttempt().errs("hotel");

        assertThat(saga.disposition()).isEqualTo(Disposition.ACCEPTED);
    }

    @ParameterizedTest
    @EnumSource(names = {"SUCCESS", "REJECTION"})
    void a_success_or_rejection_counts_whichever_attempt_it_answers(Outcome outcome) {
        Conversation saga = atTheSecondAttempt().tell(ofTheFirst(ACTION, outcome));

        assertThat(saga.disposition()).isEqualTo(Disposition.ACCEPTED);
        assertThat(saga.state().step("hotel").outcome()).isEqualTo(outcome);
    }

    @Test
    void attempts_at_a_compensation_are_told_apart_too() {
        Conversation saga = started().succeeds("hotel").rejects("flight").whenDue();
        assertThat(saga.effects()).containsExactly("compensation hotel -> grand #2");

        saga.tell(ofTheFirst(COMPENSATION, Outcome.ERROR));
        assertThat(saga.disposition()).isEqualTo(Disposition.LATE);
        assertThat(saga.state().step("hotel").error()).isNull();

        saga.errsAtAttempt(2, "hotel", COMPENSATION);
        assertThat(saga.disposition()).isEqualTo(Disposition.ACCEPTED);
        assertThat(saga.tell(ofTheFirst(COMPENSATION, Outcome.SUCCESS)).phase()).isEqualTo(SagaPhase.COMPENSATED);
    }

    @Test
    void an_error_from_before_an_operator_s_retry_does_not_count_against_it() {
        Conversation saga = started().succeeds("hotel");
        while (saga.phase() == SagaPhase.RUNNING) {
            saga.whenDue();
        }
        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(saga.tell(new SagaEvent.RetryNow()).effects()).containsExactly("action flight -> airline");

        assertThat(saga.errsAtAttempt(10, "flight", ACTION).disposition()).isEqualTo(Disposition.LATE);
        assertThat(saga.errsAtAttempt(1, "flight", ACTION).disposition()).isEqualTo(Disposition.ACCEPTED);
    }
}
