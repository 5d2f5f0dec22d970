package io.amends.saga.engine;

import static io.amends.saga.engine.CommandKind.ACTION;
import static org.assertj.core.api.Assertions.assertThat;

import io.amends.saga.Escalation;
import io.amends.saga.Reply;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.engine.Conversation.Book;
import io.amends.saga.engine.Conversation.Booked;
import io.amends.saga.engine.Conversation.Cancel;
import io.amends.saga.engine.Conversation.Send;
import io.amends.saga.engine.Conversation.Trip;
import io.amends.saga.engine.SagaEvent.ExtendDeadline;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** At its deadline an instance turns back while that is possible, or does what its definition says. */
class DeadlineTest {

    private static SagaDefinition saga(Escalation escalation) {
        return SagaDefinition.named("urgent")
                .deadline(Duration.ofSeconds(20))
                .onDeadline(escalation)
                .data(Trip.class)
                .step("hotel", "grand", Book.class, trip -> new Book("room"))
                .compensatedBy("grand", Cancel.class, trip -> new Cancel("room"))
                .step("car", "rental", Book.class, trip -> new Book("car"))
                .compensatedBy("rental", Cancel.class, trip -> new Cancel("car"))
                .pivot("flight", "airline", Book.class, trip -> new Book("seat"))
                .retriable("mail", "post", Send.class, trip -> new Send("tickets"))
                .build();
    }

    private static Conversation started(Escalation escalation) {
        return Conversation.started(saga(escalation));
    }

    @Test
    void the_unknown_step_is_compensated_first_then_the_earlier_ones() {
        Conversation saga = started(Escalation.COMPENSATE).succeeds("hotel");
        assertThat(saga.dueInSeconds()).isEqualTo(20);

        saga.whenDue();

        assertThat(saga.effects()).containsExactly("COMPENSATING", "compensation car -> rental");
        assertThat(saga.cause())
                .isEqualTo(new Cause(
                        ReasonCode.DEADLINE_BREACHED, "the deadline passed at " + Conversation.START.plusSeconds(20)));
        assertThat(saga.state().overdue()).isTrue();
        assertThat(saga.compensated("car").effects()).containsExactly("compensation hotel -> grand");
        assertThat(saga.compensated("hotel").phase()).isEqualTo(SagaPhase.COMPENSATED);
        assertThat(saga.reasonCode()).isEqualTo(ReasonCode.DEADLINE_BREACHED);
    }

    @Test
    void a_step_that_waits_for_its_next_attempt_is_compensated_too() {
        Conversation saga = started(Escalation.COMPENSATE)
                .succeeds("hotel")
                .pass(Duration.ofSeconds(19))
                .chance(0.999)
                .errs("car");
        assertThat(saga.after(Duration.ofSeconds(1)).effects()).contains("compensation car -> rental");

        assertThat(saga.tell(Conversation.reply("car", ACTION, "rental", Outcome.SUCCESS))
                        .disposition())
                .isEqualTo(Disposition.CONTRADICTORY);
    }

    @Test
    void a_reply_after_the_deadline_never_reopens_anything() {
        Conversation saga = started(Escalation.COMPENSATE).succeeds("hotel").whenDue();

        assertThat(saga.tell(Conversation.reply("car", ACTION, "rental", Outcome.SUCCESS))
                        .disposition())
                .isEqualTo(Disposition.LATE);
        assertThat(saga.status("car")).isEqualTo(StepStatus.COMPENSATING);
    }

    @Test
    void behind_the_pivot_there_is_no_way_back_and_the_instance_is_parked() {
        Conversation saga =
                started(Escalation.COMPENSATE).succeeds("hotel").succeeds("car").whenDue();
        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(saga.reasonCode()).isEqualTo(ReasonCode.DEADLINE_BREACHED);
        assertThat(saga.effects()).containsExactly("STUCK");
        assertThat(saga.cause()).isNull();
        assertThat(saga.dueInSeconds()).isNull();

        assertThat(saga.succeeds("flight").effects()).containsExactly("action mail -> post");
        assertThat(saga.phase()).isEqualTo(SagaPhase.RUNNING);
        assertThat(saga.succeeds("mail").phase()).isEqualTo(SagaPhase.COMPLETED);
    }

    @Test
    void parked_where_the_definition_says_so() {
        Conversation saga = started(Escalation.PARK).whenDue();
        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(saga.reasonCode()).isEqualTo(ReasonCode.DEADLINE_BREACHED);
        assertThat(saga.status("hotel")).isEqualTo(StepStatus.SENT);

        assertThat(saga.succeeds("hotel").effects()).containsExactly("action car -> rental");
        assertThat(saga.dueInSeconds()).isEqualTo(30);
    }

    @Test
    void alert_only_says_so_once_and_goes_on() {
        Conversation saga = started(Escalation.ALERT_ONLY).whenDue();
        assertThat(saga.effects()).containsExactly("alert DEADLINE_BREACHED");
        assertThat(saga.phase()).isEqualTo(SagaPhase.RUNNING);
        assertThat(saga.reasonCode()).isEqualTo(ReasonCode.DEADLINE_BREACHED);
        assertThat(saga.dueInSeconds()).isEqualTo(10);

        assertThat(saga.whenDue().effects()).containsExactly("action hotel -> grand #2");
        assertThat(saga.succeeds("hotel").reasonCode()).isNull();
    }

    @Test
    void who_turned_back_has_no_deadline_any_more() {
        Conversation saga = started(Escalation.COMPENSATE).succeeds("hotel").rejects("car");

        assertThat(saga.dueInSeconds()).isEqualTo(30);
        assertThat(saga.afterSeconds(20).effects()).isEmpty();
        assertThat(saga.cause()).extracting(Cause::code).isEqualTo(ReasonCode.REJECTED);
    }

    @Test
    void a_stuck_instance_has_no_deadline_until_it_goes_on() {
        Conversation saga =
                started(Escalation.COMPENSATE).succeeds("hotel").succeeds("car").errsForGood("flight");
        assertThat(saga.afterSeconds(60).effects()).isEmpty();

        saga.rejects("flight");

        assertThat(saga.cause()).extracting(Cause::code).isEqualTo(ReasonCode.REJECTED);
    }

    @Test
    void a_later_deadline_lets_a_parked_instance_go_on() {
        Conversation saga = started(Escalation.PARK).whenDue();

        saga.tell(new ExtendDeadline(saga.now().plusSeconds(100)));

        assertThat(saga.phase()).isEqualTo(SagaPhase.RUNNING);
        assertThat(saga.reasonCode()).isNull();
        assertThat(saga.state().overdue()).isFalse();
        assertThat(saga.dueInSeconds()).isEqualTo(10);
        saga.succeeds("hotel").succeeds("car").pass(Duration.ofSeconds(100));
        assertThat(saga.tell(new SagaEvent.TimeCame()).effects()).containsExactly("STUCK");
    }

    @Test
    void a_deadline_can_be_moved_forward_only_and_while_there_is_one_to_keep() {
        Conversation saga = started(Escalation.COMPENSATE);
        assertThat(saga.tell(new ExtendDeadline(saga.now())).disposition()).isEqualTo(Disposition.NOT_ALLOWED);
        assertThat(saga.tell(new ExtendDeadline(saga.now().plusSeconds(5))).disposition())
                .isEqualTo(Disposition.ACCEPTED);
        assertThat(saga.effects()).isEmpty();
        assertThat(saga.dueInSeconds()).isEqualTo(5);

        saga.rejects("hotel");
        assertThat(saga.tell(new ExtendDeadline(saga.now().plusSeconds(9))).disposition())
                .isEqualTo(Disposition.NOT_ALLOWED);
        Conversation back = started(Escalation.COMPENSATE).succeeds("hotel").rejects("car");
        assertThat(back.tell(new ExtendDeadline(back.now().plusSeconds(9))).disposition())
                .isEqualTo(Disposition.NOT_ALLOWED);
    }

    @Test
    void another_reason_to_be_stuck_is_not_removed_by_a_later_deadline() {
        Conversation saga =
                started(Escalation.PARK).succeeds("hotel").succeeds("car").errsForGood("flight");

        saga.tell(new ExtendDeadline(saga.now().plusSeconds(100)));

        assertThat(saga.disposition()).isEqualTo(Disposition.ACCEPTED);
        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(saga.state().deadlineAt()).isEqualTo(saga.now().plusSeconds(100));
    }

    @Test
    void a_saga_without_pivot_does_not_turn_back_behind_what_cannot_be_undone() {
        SagaDefinition noPivot = SagaDefinition.named("no-pivot")
                .deadline(Duration.ofSeconds(20))
                .data(Trip.class)
                .step("hotel", "grand", Book.class, trip -> new Book("room"))
                .compensatedBy("grand", Cancel.class, trip -> new Cancel("room"))
                .retriable("mail", "post", Send.class, trip -> new Send("tickets"))
                .build();
        assertThat(Conversation.started(noPivot).whenDue().effects())
                .containsExactly("COMPENSATING", "compensation hotel -> grand");

        Conversation saga = Conversation.started(noPivot).succeeds("hotel").whenDue();
        assertThat(saga.effects()).containsExactly("STUCK");
        assertThat(saga.succeeds("mail").phase()).isEqualTo(SagaPhase.COMPLETED);
    }

    @Test
    void a_pivot_that_waits_for_a_word_has_decided_nothing() {
        SagaDefinition approval = SagaDefinition.named("approval")
                .deadline(Duration.ofSeconds(20))
                .data(Trip.class)
                .step("hotel", "grand", Book.class, trip -> new Book("room"))
                .compensatedBy("grand", Cancel.class, trip -> new Cancel("room"))
                .awaitSignal("go", "go", Reply.class)
                .pivot("flight", "airline", Book.class, trip -> new Book("seat"))
                .build();
        Conversation saga = Conversation.started(approval).succeeds("hotel").whenDue();

        assertThat(saga.effects()).containsExactly("COMPENSATING", "compensation hotel -> grand");
        assertThat(saga.status("go")).isEqualTo(StepStatus.SKIPPED);
        assertThat(saga.signal("go", new Booked("1")).disposition()).isEqualTo(Disposition.NOT_ASKED);
    }
}
