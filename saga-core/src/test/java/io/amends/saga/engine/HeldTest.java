package io.amends.saga.engine;

import static io.amends.saga.engine.CommandKind.ACTION;
import static org.assertj.core.api.Assertions.assertThat;

import io.amends.saga.Escalation;
import io.amends.saga.definition.RetryPolicy;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.engine.Conversation.Book;
import io.amends.saga.engine.Conversation.BookReply;
import io.amends.saga.engine.Conversation.Booked;
import io.amends.saga.engine.Conversation.Cancel;
import io.amends.saga.engine.Conversation.Trip;
import io.amends.saga.engine.SagaEvent.Hold;
import io.amends.saga.engine.SagaEvent.Resume;
import io.amends.saga.engine.SagaEvent.RetryNow;
import io.amends.saga.engine.SagaEvent.Skip;
import io.amends.saga.engine.SagaEvent.TurnBack;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** While a participant takes no commands, actions for it wait and cost nothing; compensations go on. */
class HeldTest {

    private static final SagaDefinition TRIP = TripSagas.trip();
    private static final SagaDefinition TWICE = SagaDefinition.named("twice")
            .deadline(Duration.ofMinutes(10))
            .data(Trip.class)
            .step("hotel", "grand", Book.class, trip -> new Book("room"))
            .compensatedBy("grand", Cancel.class, trip -> new Cancel("room"))
            .timeout(Duration.ofSeconds(10))
            .retry(RetryPolicy.DEFAULT.withAttempts(2))
            .pivot("flight", "airline", Book.class, trip -> new Book("seat"))
            .build();

    @Test
    void a_command_for_who_is_held_is_not_sent_and_nothing_is_due_for_it() {
        Conversation saga = Conversation.startedHolding(TRIP, "grand");

        assertThat(saga.effects()).isEmpty();
        assertThat(saga.disposition()).isEqualTo(Disposition.ACCEPTED);
        assertThat(saga.phase()).isEqualTo(SagaPhase.RUNNING);
        assertThat(saga.status("hotel")).isEqualTo(StepStatus.PENDING);
        assertThat(saga.held("hotel")).isEqualTo(new Held("grand", saga.now()));
        assertThat(saga.state().step("hotel").participant()).isNull();
        assertThat(saga.dueInSeconds()).isNull();
        assertThat(saga.after(Duration.ofDays(1)).effects()).isEmpty();
        assertThat(saga.tell(Conversation.reply("hotel", ACTION, "grand", Outcome.SUCCESS))
                        .disposition())
                .isEqualTo(Disposition.NOT_ASKED);
    }

    @Test
    void what_was_held_is_sent_once_it_is_admitted_as_its_first_attempt() {
        Conversation saga = Conversation.startedHolding(TRIP, "grand").pass(Duration.ofHours(1));

        saga.admitted("hotel");

        assertThat(saga.effects()).containsExactly("action hotel -> grand");
        assertThat(saga.held("hotel")).isNull();
        assertThat(saga.state().step("hotel").attempts()).isEqualTo(1);
        assertThat(saga.state().step("hotel").firstSentAt()).isEqualTo(saga.now());
        assertThat(saga.dueInSeconds()).isEqualTo(30);
        assertThat(saga.admitted("hotel").disposition()).isEqualTo(Disposition.DUPLICATE);
        assertThat(saga.succeeds("hotel").effects()).containsExactly("action insurance -> lloyd");
    }

    @Test
    void whoever_else_is_asked_meanwhile_and_the_join_waits() {
        Conversation saga =
                Conversation.started(TripSagas.parallel()).holding("airline").succeeds("visa");
        assertThat(saga.effects()).containsExactly("action car -> rental", "action hotel -> grand");

        saga.succeeds("car").succeeds("hotel");
        assertThat(saga.effects()).isEmpty();
        assertThat(saga.phase()).isEqualTo(SagaPhase.RUNNING);

        saga.holding().admitted("flight");
        assertThat(saga.effects()).containsExactly("action flight -> airline");
        assertThat(saga.succeeds("flight").effects()).containsExactly("action pay -> bank");
    }

    @Test
    void the_last_step_of_a_saga_may_be_held() {
        Conversation saga = Conversation.started(TRIP)
                .succeeds("hotel")
                .succeeds("insurance")
                .holding("post")
                .succeeds("flight");
        assertThat(saga.effects()).isEmpty();
        assertThat(saga.phase()).isEqualTo(SagaPhase.RUNNING);

        assertThat(saga.admitted("tickets").succeeds("tickets").phase()).isEqualTo(SagaPhase.COMPLETED);
    }

    @Test
    void an_overdue_reply_of_who_is_held_costs_no_attempt() {
        Conversation saga = Conversation.started(TWICE).holding("grand").afterSeconds(10);
        assertThat(saga.effects()).isEmpty();
        assertThat(saga.status("hotel")).isEqualTo(StepStatus.SENT);
        assertThat(saga.held("hotel")).isEqualTo(new Held("grand", saga.now()));
        assertThat(saga.state().step("hotel").attempts()).isEqualTo(1);
        assertThat(saga.dueInSeconds()).isEqualTo(590);

        saga.afterSeconds(300).admitted("hotel");
        assertThat(saga.effects()).containsExactly("action hotel -> grand");
        assertThat(saga.state().step("hotel").attempts()).isEqualTo(1);
        assertThat(saga.dueInSeconds()).isEqualTo(10);
        assertThat(saga.phase()).isEqualTo(SagaPhase.RUNNING);
    }

    @Test
    void a_reply_that_comes_although_the_next_attempt_is_held_is_taken() {
        Conversation saga = Conversation.started(TWICE).holding("grand").afterSeconds(10);

        saga.succeeds("hotel");

        assertThat(saga.held("hotel")).isNull();
        assertThat(saga.effects()).containsExactly("action flight -> airline");
    }

    @Test
    void what_failed_with_an_error_and_is_held_keeps_its_error_until_it_is_admitted() {
        Conversation saga =
                Conversation.started(TWICE).errs("hotel").holding("grand").whenDue();
        assertThat(saga.held("hotel")).isNotNull();
        assertThat(saga.state().step("hotel").error()).isEqualTo("error-reply");
        assertThat(saga.errs("hotel").disposition()).isEqualTo(Disposition.DUPLICATE);

        assertThat(saga.admitted("hotel").effects()).containsExactly("action hotel -> grand #2");
        assertThat(saga.state().step("hotel").error()).isNull();
    }

    @Test
    void however_often_who_is_held_is_probed_no_attempt_is_spent() {
        Conversation saga = Conversation.started(TWICE).holding("grand").afterSeconds(10);
        for (int probe = 0; probe < 20; probe++) {
            assertThat(saga.admitted("hotel").effects()).containsExactly("action hotel -> grand");
            assertThat(saga.afterSeconds(10).held("hotel")).isNotNull();
        }

        saga.holding().admitted("hotel");
        assertThat(saga.afterSeconds(10).effects()).containsExactly("action hotel -> grand #2");
        assertThat(saga.afterSeconds(10).effects()).containsExactly("COMPENSATING", "compensation hotel -> grand");
    }

    @Test
    void what_a_command_waited_does_not_count_into_the_time_for_all_attempts() {
        SagaDefinition within = SagaDefinition.named("within")
                .data(Trip.class)
                .pivot("flight", "airline", Book.class, trip -> new Book("seat"))
                .timeout(Duration.ofSeconds(10))
                .retry(RetryPolicy.DEFAULT.within(Duration.ofSeconds(20)))
                .build();
        Conversation saga = Conversation.started(within).holding("airline").afterSeconds(10);

        saga.afterSeconds(3600).holding().admitted("flight");

        assertThat(saga.state().step("flight").firstSentAt())
                .isEqualTo(saga.now().minusSeconds(10));
        assertThat(saga.whenDue().effects()).containsExactly("action flight -> airline #2");
        assertThat(saga.whenDue().effects()).containsExactly("STUCK");
    }

    @Test
    void an_error_of_who_is_held_sets_the_next_attempt_as_ever() {
        Conversation saga = Conversation.started(TWICE).holding("grand").afterSeconds(10);

        saga.errs("hotel");

        assertThat(saga.held("hotel")).isNull();
        assertThat(saga.state().step("hotel").dueAt()).isNotNull();
        assertThat(saga.whenDue().held("hotel")).isNotNull();
    }

    @Test
    void at_the_deadline_what_was_never_sent_needs_no_compensation() {
        Conversation saga = Conversation.startedHolding(TWICE, "grand");
        assertThat(saga.dueInSeconds()).isEqualTo(600);

        saga.whenDue();

        assertThat(saga.effects()).containsExactly("COMPENSATING", "COMPENSATED");
        assertThat(saga.held("hotel")).isNull();
    }

    @Test
    void at_the_deadline_what_was_sent_once_is_compensated_although_it_is_held() {
        Conversation saga = Conversation.started(TWICE).holding("grand").afterSeconds(10);

        saga.whenDue();

        assertThat(saga.effects()).containsExactly("COMPENSATING", "compensation hotel -> grand");
        assertThat(saga.held("hotel")).isNull();
    }

    @Test
    void a_compensation_is_never_held_not_even_its_further_attempts() {
        Conversation saga = Conversation.started(TWICE)
                .succeeds("hotel")
                .holding("grand", "airline")
                .rejects("flight");
        assertThat(saga.effects()).containsExactly("COMPENSATING", "compensation hotel -> grand");

        assertThat(saga.whenDue().effects()).containsExactly("compensation hotel -> grand #2");
    }

    @Test
    void who_turns_back_asks_an_open_step_again_although_it_is_held() {
        Conversation saga = Conversation.started(TripSagas.parallel())
                .succeeds("visa")
                .holding("airline")
                .afterSeconds(30);
        assertThat(saga.held("flight")).isNotNull();

        saga.rejects("car");
        assertThat(saga.effects()).containsExactly("COMPENSATING");
        assertThat(saga.held("flight")).isNull();
        assertThat(saga.dueInSeconds()).isZero();

        assertThat(saga.whenDue().effects()).containsExactly("action flight -> airline #2");
    }

    @Test
    void who_turns_back_drops_what_was_held_before_it_began() {
        Conversation saga = Conversation.started(TripSagas.parallel())
                .holding("airline")
                .succeeds("visa")
                .succeeds("hotel")
                .rejects("car");

        assertThat(saga.held("flight")).isNull();
        assertThat(saga.status("flight")).isEqualTo(StepStatus.PENDING);
        assertThat(saga.effects()).containsExactly("COMPENSATING", "compensation hotel -> grand");
        assertThat(saga.admitted("flight").disposition()).isEqualTo(Disposition.DUPLICATE);
    }

    @Test
    void a_paused_instance_is_not_admitted_before_it_is_resumed() {
        Conversation saga = Conversation.startedHolding(TRIP, "grand").tell(new Hold("maintenance", null));
        assertThat(saga.admitted("hotel").disposition()).isEqualTo(Disposition.DUPLICATE);

        saga.tell(new Resume());
        assertThat(saga.effects()).isEmpty();
        assertThat(saga.admitted("hotel").effects()).containsExactly("action hotel -> grand");
    }

    @Test
    void while_another_step_is_stuck_nothing_is_admitted() {
        SagaDefinition parking = SagaDefinition.named("parking")
                .data(Trip.class)
                .step("hotel", "grand", Book.class, trip -> new Book("room"))
                .compensatedBy("grand", Cancel.class, trip -> new Cancel("room"))
                .onExhausted(Escalation.PARK)
                .alongside()
                .step("car", "rental", Book.class, trip -> new Book("car"))
                .compensatedBy("rental", Cancel.class, trip -> new Cancel("car"))
                .pivot("flight", "airline", Book.class, trip -> new Book("seat"))
                .build();
        Conversation saga = Conversation.startedHolding(parking, "rental").errsForGood("hotel");
        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(saga.admitted("car").disposition()).isEqualTo(Disposition.DUPLICATE);

        saga.succeeds("hotel");
        assertThat(saga.admitted("car").effects()).containsExactly("action car -> rental");
    }

    @Test
    void an_operator_may_send_skip_or_end_what_is_held() {
        assertThat(Conversation.startedHolding(TRIP, "grand")
                        .tell(new RetryNow())
                        .effects())
                .containsExactly("action hotel -> grand");
        assertThat(Conversation.startedHolding(TRIP, "grand")
                        .tell(new Skip("hotel", ACTION, new Booked("7")))
                        .effects())
                .containsExactly("action insurance -> lloyd");
        assertThat(Conversation.startedHolding(TRIP, "grand")
                        .tell(new TurnBack("enough"))
                        .effects())
                .containsExactly("COMPENSATING", "COMPENSATED");
    }

    @Test
    void a_step_that_is_not_needed_any_more_when_it_is_admitted_lets_the_next_one_begin() {
        boolean[] needed = {true};
        SagaDefinition saga = SagaDefinition.named("perhaps")
                .data(Trip.class)
                .step("hotel", "grand", Book.class, trip -> new Book("room"))
                .compensatedBy("grand", Cancel.class, trip -> new Cancel("room"))
                .onlyIf(trip -> needed[0])
                .pivot("flight", "airline", Book.class, trip -> new Book("seat"))
                .build();
        Conversation held = Conversation.startedHolding(saga, "grand");
        needed[0] = false;

        held.admitted("hotel");

        assertThat(held.status("hotel")).isEqualTo(StepStatus.SKIPPED);
        assertThat(held.effects()).containsExactly("action flight -> airline");
    }

    @Test
    void code_that_throws_when_its_step_is_admitted_leaves_the_instance_stuck() {
        boolean[] broken = {false};
        SagaDefinition saga = SagaDefinition.named("broken")
                .data(Trip.class)
                .pivot("flight", "airline", Book.class, trip -> {
                    if (broken[0]) {
                        throw new IllegalStateException("no seat map");
                    }
                    return new Book("seat");
                })
                .build();
        Conversation held = Conversation.startedHolding(saga, "airline");
        broken[0] = true;

        assertThat(held.admitted("flight").effects()).containsExactly("STUCK");
        assertThat(held.reasonCode()).isEqualTo(ReasonCode.NON_RETRYABLE);
    }

    @Test
    void only_what_is_held_is_admitted() {
        Conversation saga = Conversation.started(TRIP);
        SagaState before = saga.state();

        assertThat(saga.admitted("hotel").disposition()).isEqualTo(Disposition.DUPLICATE);
        assertThat(saga.admitted("cruise").disposition()).isEqualTo(Disposition.DUPLICATE);
        assertThat(saga.state()).isSameAs(before);
    }

    @Test
    void neither_a_local_step_nor_a_word_that_is_waited_for_is_held() {
        SagaDefinition saga = SagaDefinition.named("word")
                .data(Trip.class)
                .awaitSignal("approval", "go", BookReply.class)
                .pivot("flight", "airline", Book.class, trip -> new Book("seat"))
                .build();

        assertThat(Conversation.startedHolding(saga, "airline").status("approval"))
                .isEqualTo(StepStatus.SENT);
        assertThat(Conversation.startedHolding(TripSagas.local(), "grand").effects())
                .containsExactly("run action quota");
    }

    @Test
    void who_goes_on_regardless_is_held_with_one_alert_and_goes_on_when_admitted() {
        SagaDefinition saga = SagaDefinition.named("regardless")
                .data(Trip.class)
                .pivot("flight", "airline", Book.class, trip -> new Book("seat"))
                .timeout(Duration.ofSeconds(10))
                .retry(RetryPolicy.DEFAULT.withAttempts(1))
                .onExhausted(Escalation.ALERT_ONLY)
                .build();
        Conversation held = Conversation.started(saga).holding("airline").afterSeconds(10);
        assertThat(held.effects()).containsExactly("alert RETRIES_EXHAUSTED");
        assertThat(held.dueInSeconds()).isNull();

        assertThat(held.admitted("flight").effects()).containsExactly("action flight -> airline");
        assertThat(held.dueInSeconds()).isEqualTo(10);
    }
}
