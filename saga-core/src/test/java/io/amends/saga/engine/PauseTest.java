package io.amends.saga.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.saga.Escalation;
import io.amends.saga.definition.RetryPolicy;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.engine.Conversation.Book;
import io.amends.saga.engine.Conversation.Cancel;
import io.amends.saga.engine.Conversation.Trip;
import io.amends.saga.engine.SagaEvent.Hold;
import io.amends.saga.engine.SagaEvent.Resume;
import io.amends.saga.engine.SagaEvent.RetryNow;
import io.amends.saga.engine.SagaEvent.TurnBack;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** While an operator holds an instance, replies are taken, but nothing begins. */
class PauseTest {

    private static final SagaDefinition PARKED = SagaDefinition.named("parked")
            .deadline(Duration.ofMinutes(10))
            .data(Trip.class)
            .step("hotel", "grand", Book.class, trip -> new Book("room"))
            .compensatedBy("grand", Cancel.class, trip -> new Cancel("room"))
            .retry(RetryPolicy.DEFAULT.withAttempts(1))
            .onExhausted(Escalation.PARK)
            .pivot("flight", "airline", Book.class, trip -> new Book("seat"))
            .build();

    private static Conversation held() {
        return Conversation.started(PARKED).tell(new Hold("maintenance", null));
    }

    @Test
    void replies_are_taken_but_nothing_begins_until_the_hold_ends() {
        Conversation saga = held();
        assertThat(saga.disposition()).isEqualTo(Disposition.ACCEPTED);
        assertThat(saga.state().pause()).isEqualTo(new Pause("maintenance", null));
        assertThat(saga.dueInSeconds()).isNull();

        saga.succeeds("hotel");
        assertThat(saga.status("hotel")).isEqualTo(StepStatus.SUCCEEDED);
        assertThat(saga.effects()).isEmpty();
        assertThat(saga.phase()).isEqualTo(SagaPhase.RUNNING);

        saga.tell(new Resume());
        assertThat(saga.state().pause()).isNull();
        assertThat(saga.effects()).containsExactly("action flight -> airline");
    }

    @Test
    void a_hold_with_an_end_ends_by_itself() {
        Conversation saga = Conversation.started(PARKED);
        saga.tell(new Hold("lunch", saga.now().plusSeconds(60))).succeeds("hotel");
        assertThat(saga.dueInSeconds()).isEqualTo(60);
        assertThat(saga.afterSeconds(59).effects()).isEmpty();

        assertThat(saga.afterSeconds(1).effects()).containsExactly("action flight -> airline");
        assertThat(saga.state().pause()).isNull();
    }

    @Test
    void neither_deadline_nor_timeout_counts_before_the_hold_ends() {
        Conversation saga = held();
        assertThat(saga.after(Duration.ofHours(1)).effects()).isEmpty();

        saga.tell(new Resume());
        assertThat(saga.effects()).isEmpty();

        assertThat(saga.afterSeconds(0).effects()).containsExactly("COMPENSATING", "compensation hotel -> grand");
    }

    @Test
    void a_rejection_turns_it_back_and_the_compensations_wait() {
        Conversation saga = Conversation.started(PARKED)
                .succeeds("hotel")
                .tell(new Hold("maintenance", null))
                .rejects("flight");
        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPENSATING);
        assertThat(saga.effects()).containsExactly("COMPENSATING");

        assertThat(saga.tell(new Resume()).effects()).containsExactly("compensation hotel -> grand");
    }

    @Test
    void turning_back_is_possible_and_the_compensations_wait() {
        Conversation saga = held().tell(new TurnBack("enough"));
        assertThat(saga.effects()).containsExactly("COMPENSATING");
        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPENSATING);

        assertThat(saga.tell(new Resume()).effects()).containsExactly("compensation hotel -> grand");
    }

    @Test
    void an_error_while_held_is_tried_again_afterwards() {
        Conversation saga = Conversation.started(PARKED)
                .succeeds("hotel")
                .tell(new Hold("maintenance", null))
                .errs("flight")
                .after(Duration.ofMinutes(1));
        assertThat(saga.effects()).isEmpty();

        assertThat(saga.tell(new Resume()).afterSeconds(0).effects()).containsExactly("action flight -> airline #2");
    }

    @Test
    void what_is_stuck_for_another_reason_stays_so_when_the_hold_ends_either_way() {
        Conversation byHand = Conversation.started(PARKED)
                .errs("hotel")
                .tell(new Hold("x", null))
                .tell(new Resume());
        assertThat(byHand.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(byHand.disposition()).isEqualTo(Disposition.ACCEPTED);

        Conversation bySelf = Conversation.started(PARKED).succeeds("hotel").after(Duration.ofMinutes(10));
        assertThat(bySelf.reasonCode()).isEqualTo(ReasonCode.DEADLINE_BREACHED);
        bySelf.tell(new Hold("x", bySelf.now().plusSeconds(1))).afterSeconds(1);
        assertThat(bySelf.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(bySelf.state().pause()).isNull();
        assertThat(bySelf.reasonCode()).isEqualTo(ReasonCode.DEADLINE_BREACHED);
    }

    @Test
    void what_was_stuck_and_answered_while_held_goes_on_when_the_hold_ends() {
        Conversation saga = Conversation.started(PARKED)
                .errs("hotel")
                .tell(new Hold("x", null))
                .succeeds("hotel");
        assertThat(saga.phase()).isEqualTo(SagaPhase.RUNNING);
        assertThat(saga.reasonCode()).isNull();

        assertThat(saga.tell(new Resume()).effects()).containsExactly("action flight -> airline");
    }

    @Test
    void only_one_hold_at_a_time_and_no_retry_while_it_lasts() {
        Conversation saga = held();

        assertThat(saga.tell(new Hold("again", null)).disposition()).isEqualTo(Disposition.NOT_ALLOWED);
        assertThat(saga.tell(new RetryNow()).disposition()).isEqualTo(Disposition.NOT_ALLOWED);
        assertThat(saga.tell(new Resume()).disposition()).isEqualTo(Disposition.ACCEPTED);
        assertThat(saga.tell(new Resume()).disposition()).isEqualTo(Disposition.NOT_ALLOWED);
    }
}
