package io.amends.saga.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.saga.Escalation;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaStages.BeforePivot;
import io.amends.saga.engine.Conversation.Book;
import io.amends.saga.engine.Conversation.BookReply;
import io.amends.saga.engine.Conversation.Booked;
import io.amends.saga.engine.Conversation.Cancel;
import io.amends.saga.engine.Conversation.Sent;
import io.amends.saga.engine.Conversation.SoldOut;
import io.amends.saga.engine.Conversation.Trip;
import io.amends.saga.engine.SagaEvent.SignalReceived;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A step can wait for somebody's word instead of a participant's reply. */
class SignalTest {

    private static final Booked YES = new Booked("by the boss");
    private static final SoldOut NO = new SoldOut("patience");

    private static SagaDefinition saga(UnaryOperator<BeforePivot<Trip>> limits) {
        BeforePivot<Trip> approval = SagaDefinition.named("approved")
                .data(Trip.class)
                .step("hotel", "grand", Book.class, trip -> new Book("room"))
                .compensatedBy("grand", Cancel.class, trip -> new Cancel("room"))
                .awaitSignal("approval", "approved", BookReply.class)
                .onReply(Booked.class, (trip, reply) -> trip.note("approved " + reply.number()))
                .onReply(SoldOut.class, (trip, reply) -> trip.note("refused for " + reply.what()))
                .onlyIf(Trip::insured);
        return limits.apply(approval)
                .pivot("flight", "airline", Book.class, trip -> new Book("seat"))
                .build();
    }

    private static Conversation waiting(UnaryOperator<BeforePivot<Trip>> limits) {
        return Conversation.started(saga(limits)).succeeds("hotel");
    }

    @Test
    void a_word_is_waited_for_without_a_command_and_for_ever_where_nothing_is_declared() {
        Conversation saga = waiting(limits -> limits);

        assertThat(saga.effects()).isEmpty();
        assertThat(saga.phase()).isEqualTo(SagaPhase.RUNNING);
        assertThat(saga.status("approval")).isEqualTo(StepStatus.SENT);
        assertThat(saga.state().step("approval").slaAt()).isNull();
        assertThat(saga.dueInSeconds()).isNull();
    }

    @Test
    void a_success_is_taken_into_the_data_and_lets_the_saga_go_on() {
        Conversation saga = waiting(limits -> limits).signal("approved", YES);

        assertThat(saga.data().notes()).isEqualTo("approved by the boss");
        assertThat(saga.effects()).containsExactly("action flight -> airline");
        assertThat(saga.status("approval")).isEqualTo(StepStatus.SUCCEEDED);
    }

    @Test
    void a_rejection_turns_it_back() {
        Conversation saga = waiting(limits -> limits).signal("approved", NO);

        assertThat(saga.data().notes()).isEqualTo("refused for patience");
        assertThat(saga.effects()).containsExactly("COMPENSATING", "compensation hotel -> grand");
        assertThat(saga.cause())
                .isEqualTo(new Cause(
                        ReasonCode.REJECTED, "step 'approval' was rejected by the saga itself with approved"));
        assertThat(saga.compensated("hotel").phase()).isEqualTo(SagaPhase.COMPENSATED);
    }

    @Test
    void a_signal_that_no_step_waits_for_is_not_asked() {
        assertThat(Conversation.started(saga(limits -> limits))
                        .signal("approved", YES)
                        .disposition())
                .isEqualTo(Disposition.NOT_ASKED);
        assertThat(waiting(limits -> limits).signal("applauded", YES).disposition())
                .isEqualTo(Disposition.NOT_ASKED);
        assertThat(waiting(limits -> limits).signal("approved", new Sent()).disposition())
                .isEqualTo(Disposition.NOT_ASKED);
        Conversation given = waiting(limits -> limits).signal("approved", YES);
        assertThat(given.signal("approved", NO).disposition()).isEqualTo(Disposition.NOT_ASKED);
        assertThat(given.data().notes()).isEqualTo("approved by the boss");
    }

    @Test
    void nobodys_word_is_waited_for_on_the_way_back() {
        Conversation saga = waiting(limits -> limits).tell(new SagaEvent.TurnBack("changed my mind"));

        assertThat(saga.status("approval")).isEqualTo(StepStatus.SKIPPED);
        assertThat(saga.effects()).containsExactly("COMPENSATING", "compensation hotel -> grand");
        assertThat(saga.signal("approved", YES).disposition()).isEqualTo(Disposition.NOT_ASKED);
    }

    @Test
    void a_participants_reply_is_no_word() {
        assertThat(waiting(limits -> limits)
                        .tell(Conversation.reply("approval", CommandKind.ACTION, "grand", Outcome.SUCCESS))
                        .disposition())
                .isEqualTo(Disposition.WRONG_PARTICIPANT);
    }

    @Test
    void a_condition_that_does_not_hold_skips_the_step() {
        Conversation saga = Conversation.started(saga(limits -> limits), new Trip("", false))
                .succeeds("hotel");

        assertThat(saga.status("approval")).isEqualTo(StepStatus.SKIPPED);
        assertThat(saga.effects()).containsExactly("action flight -> airline");
    }

    @Test
    void the_sla_says_by_when_a_word_is_expected_and_changes_nothing() {
        Conversation saga = waiting(limits -> limits.sla(Duration.ofMinutes(5)));
        assertThat(saga.state().step("approval").slaAt()).isEqualTo(saga.now().plusSeconds(300));

        assertThat(saga.afterSeconds(600).effects()).isEmpty();
        assertThat(saga.signal("approved", YES).state().step("approval").slaAt())
                .isNull();
    }

    @Test
    void no_word_in_time_turns_back() {
        Conversation saga = waiting(limits -> limits.timeout(Duration.ofMinutes(1)));
        assertThat(saga.dueInSeconds()).isEqualTo(60);

        saga.whenDue();

        assertThat(saga.effects()).containsExactly("COMPENSATING", "compensation hotel -> grand");
        assertThat(saga.cause())
                .isEqualTo(new Cause(ReasonCode.RETRIES_EXHAUSTED, "step 'approval': nobody gave the signal in time"));
        assertThat(saga.signal("approved", YES).disposition()).isEqualTo(Disposition.NOT_ASKED);
        assertThat(saga.compensated("hotel").status("approval")).isEqualTo(StepStatus.SKIPPED);
    }

    @Test
    void no_word_in_time_parks_and_a_later_one_still_counts() {
        Conversation saga = waiting(
                        limits -> limits.timeout(Duration.ofMinutes(1)).onExhausted(Escalation.PARK))
                .whenDue();
        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(saga.reasonCode()).isEqualTo(ReasonCode.RETRIES_EXHAUSTED);

        assertThat(saga.signal("approved", YES).effects()).containsExactly("action flight -> airline");
    }

    @Test
    void a_parked_word_is_waited_for_anew_on_request() {
        Conversation saga = waiting(
                        limits -> limits.timeout(Duration.ofMinutes(1)).onExhausted(Escalation.PARK))
                .whenDue()
                .tell(new SagaEvent.RetryNow());

        assertThat(saga.phase()).isEqualTo(SagaPhase.RUNNING);
        assertThat(saga.effects()).isEmpty();
        assertThat(saga.dueInSeconds()).isEqualTo(60);
    }

    @Test
    void no_word_in_time_alerts_and_waits_as_long_again_by_the_same_sla() {
        Conversation saga = waiting(limits -> limits.timeout(Duration.ofMinutes(1))
                .sla(Duration.ofSeconds(10))
                .onExhausted(Escalation.ALERT_ONLY));
        var sla = saga.state().step("approval").slaAt();

        saga.whenDue();

        assertThat(saga.effects()).containsExactly("alert RETRIES_EXHAUSTED");
        assertThat(saga.phase()).isEqualTo(SagaPhase.RUNNING);
        assertThat(saga.dueInSeconds()).isEqualTo(60);
        assertThat(saga.state().step("approval").slaAt()).isEqualTo(sla);
        assertThat(saga.signal("approved", YES).effects()).containsExactly("action flight -> airline");
    }

    @Test
    void who_no_longer_makes_the_signal_out_of_the_data_is_not_asked() {
        SagaDefinition fickle = SagaDefinition.named("fickle")
                .data(Trip.class)
                .awaitSignal("approval", "approved", BookReply.class)
                .onlyIf(trip -> {
                    if (trip.notes().contains("boom")) {
                        throw new IllegalStateException("boom");
                    }
                    return true;
                })
                .alongside()
                .step("hotel", "grand", Book.class, trip -> new Book("room"))
                .compensatedBy("grand", Cancel.class, trip -> new Cancel("room"))
                .onReply(Booked.class, (trip, reply) -> trip.note(reply.number()))
                .build();
        Conversation saga = Conversation.started(fickle).succeedsWith("hotel", new Booked("boom"));

        assertThat(saga.tell(new SignalReceived("approved", YES)).disposition()).isEqualTo(Disposition.NOT_ASKED);
    }
}
