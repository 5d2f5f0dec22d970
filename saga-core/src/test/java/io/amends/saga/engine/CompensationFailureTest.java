package io.amends.saga.engine;

import static io.amends.saga.engine.CommandKind.COMPENSATION;
import static org.assertj.core.api.Assertions.assertThat;

import io.amends.saga.definition.RetryPolicy;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.engine.Conversation.Book;
import io.amends.saga.engine.Conversation.Cancel;
import io.amends.saga.engine.Conversation.Trip;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A compensation is tried by its own policy; then the instance is stuck, with the rest pending and its cause kept. */
class CompensationFailureTest {

    private static final RetryPolicy TWICE = RetryPolicy.DEFAULT
            .withAttempts(2)
            .withBackoff(Duration.ofSeconds(3), Duration.ofSeconds(3))
            .withoutJitter();

    private static SagaDefinition saga() {
        return SagaDefinition.named("hard-to-undo")
                .data(Trip.class)
                .step("visa", "consul", Book.class, trip -> new Book("visa"))
                .compensatedBy("consul", Cancel.class, trip -> new Cancel("visa"))
                .step("hotel", "grand", Book.class, trip -> new Book("room"))
                .compensatedBy("grand", Cancel.class, trip -> new Cancel("room"))
                .compensationRetry(TWICE)
                .compensationTimeout(Duration.ofSeconds(8))
                .alongside()
                .step("car", "rental", Book.class, trip -> new Book("car"))
                .compensatedBy("rental", Cancel.class, trip -> new Cancel("car"))
                .pivot("flight", "airline", Book.class, trip -> new Book("seat"))
                .build();
    }

    private static Conversation compensating() {
        return Conversation.started(saga())
                .succeeds("visa")
                .succeeds("hotel")
                .succeeds("car")
                .rejects("flight");
    }

    private static Conversation stuck() {
        return compensating()
                .compensated("car")
                .compensationErrs("hotel")
                .whenDue()
                .compensationErrs("hotel");
    }

    @Test
    void an_error_is_tried_again_by_the_compensations_own_policy() {
        Conversation saga = compensating().compensated("car").compensationErrs("hotel");
        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPENSATING);
        assertThat(saga.effects()).isEmpty();
        assertThat(saga.dueInSeconds()).isEqualTo(3);

        assertThat(saga.whenDue().effects()).containsExactly("compensation hotel -> grand #2");
        assertThat(saga.compensated("hotel").effects()).containsExactly("compensation visa -> consul");
    }

    @Test
    void where_the_last_error_came_from_is_kept_with_the_reason() {
        Conversation saga =
                compensating().compensated("car").compensationErrs("hotel").whenDue();
        saga.tell(new SagaEvent.ReplyReceived(
                "hotel",
                COMPENSATION,
                "grand",
                Outcome.ERROR,
                null,
                "error-reply",
                true,
                0,
                0,
                "com.grand.Desk.cancel:1"));

        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(saga.state().reasonFrames()).isEqualTo("com.grand.Desk.cancel:1");
    }

    @Test
    void a_missing_reply_is_asked_for_again() {
        Conversation saga = compensating().compensated("car");
        assertThat(saga.dueInSeconds()).isEqualTo(8);
        assertThat(saga.whenDue().effects()).containsExactly("compensation hotel -> grand #2");

        assertThat(saga.whenDue().effects()).containsExactly("STUCK");
        assertThat(saga.state().reason())
                .isEqualTo("the compensation of step 'hotel': 'grand' did not reply to 2 attempts");
    }

    @Test
    void spent_attempts_are_stuck_with_the_remaining_compensations_pending_and_the_cause_kept() {
        Conversation saga = stuck();

        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(saga.reasonCode()).isEqualTo(ReasonCode.COMPENSATION_FAILED);
        assertThat(saga.state().reason())
                .isEqualTo("the compensation of step 'hotel': 'grand' gave up with error-reply");
        assertThat(saga.effects()).containsExactly("STUCK");
        assertThat(saga.status("hotel")).isEqualTo(StepStatus.COMPENSATION_FAILED);
        assertThat(saga.status("visa")).isEqualTo(StepStatus.SUCCEEDED);
        assertThat(saga.cause()).extracting(Cause::code).isEqualTo(ReasonCode.REJECTED);
        assertThat(saga.dueInSeconds()).isNull();
    }

    @Test
    void a_success_that_comes_after_all_lets_it_go_on() {
        Conversation saga = stuck().compensated("hotel");

        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPENSATING);
        assertThat(saga.reasonCode()).isEqualTo(ReasonCode.REJECTED);
        assertThat(saga.effects()).containsExactly("compensation visa -> consul");
        assertThat(saga.compensated("visa").phase()).isEqualTo(SagaPhase.COMPENSATED);
        assertThat(saga.state().reason()).contains("flight", "airline");
    }

    @Test
    void an_operator_tries_again_with_attempts_counted_anew() {
        Conversation saga = stuck().tell(new SagaEvent.RetryNow());
        assertThat(saga.effects()).containsExactly("compensation hotel -> grand");
        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPENSATING);
        assertThat(saga.state().step("hotel").attempts()).isEqualTo(1);

        assertThat(saga.compensationErrs("hotel").phase()).isEqualTo(SagaPhase.COMPENSATING);
    }

    @Test
    void an_operator_takes_it_as_done_elsewhere() {
        Conversation saga = stuck().tell(new SagaEvent.Skip("hotel", COMPENSATION, null));

        assertThat(saga.status("hotel")).isEqualTo(StepStatus.COMPENSATED);
        assertThat(saga.effects()).containsExactly("compensation visa -> consul");
    }

    @Test
    void a_permanent_error_and_a_rejection_are_not_tried_again() {
        assertThat(compensating().compensationFails("hotel").phase()).isEqualTo(SagaPhase.STUCK);

        Conversation rejected =
                compensating().tell(Conversation.reply("hotel", COMPENSATION, "grand", Outcome.REJECTION));
        assertThat(rejected.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(rejected.reasonCode()).isEqualTo(ReasonCode.COMPENSATION_FAILED);
        assertThat(rejected.state().reason()).contains("hotel", "rejection-reply", "rejection");
    }

    @Test
    void a_failure_beside_an_open_compensation_stays_stuck_for_its_own_reason() {
        Conversation saga = compensating().compensationFails("hotel").compensated("car");

        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(saga.state().reason()).contains("hotel", "gave up");
        assertThat(saga.effects()).isEmpty();
        assertThat(saga.compensated("hotel").effects()).containsExactly("compensation visa -> consul");
    }

    @Test
    void of_two_failures_the_one_that_is_left_is_the_reason() {
        Conversation saga = compensating()
                .compensationFails("hotel")
                .compensationFails("car")
                .compensated("car");

        assertThat(saga.state().reason()).isEqualTo("the compensation of step 'hotel' could not be done");
    }

    @Test
    void a_local_compensation_that_throws_runs_again_then_is_stuck() {
        Conversation saga = Conversation.started(TripSagas.local())
                .ran("quota", CommandKind.ACTION)
                .rejects("hotel")
                .chance(0.5)
                .threw("quota", COMPENSATION);
        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPENSATING);
        assertThat(saga.whenDue().effects()).containsExactly("run compensation quota");

        saga.threwForGood("quota", COMPENSATION);
        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(saga.reasonCode()).isEqualTo(ReasonCode.COMPENSATION_FAILED);
        // Nobody runs it now, so that its word would be nobody's.
        assertThat(saga.ran("quota", COMPENSATION).disposition()).isEqualTo(Disposition.NOT_ASKED);

        assertThat(saga.tell(new SagaEvent.RetryNow()).effects()).containsExactly("run compensation quota");
        assertThat(saga.ran("quota", COMPENSATION).phase()).isEqualTo(SagaPhase.COMPENSATED);
    }

    @Test
    void a_local_compensation_cannot_say_no() {
        Conversation saga = Conversation.started(TripSagas.local())
                .ran("quota", CommandKind.ACTION)
                .rejects("hotel")
                .tell(new SagaEvent.LocalStepRan(
                        "quota", COMPENSATION, new Trip("lost", true), new Conversation.SoldOut("quota")));

        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(saga.data().notes()).isEqualTo("quota");
        assertThat(saga.state().reason()).contains("SoldOut");
    }

    @Test
    void a_compensation_that_cannot_be_made_on_request_is_stuck_as_before() {
        AtomicBoolean broken = new AtomicBoolean();
        SagaDefinition fragile = SagaDefinition.named("fragile")
                .data(Trip.class)
                .step("hotel", "grand", Book.class, trip -> new Book("room"))
                .compensatedBy("grand", Cancel.class, trip -> {
                    if (broken.get()) {
                        throw new IllegalStateException("out of order");
                    }
                    return new Cancel("room");
                })
                .pivot("flight", "airline", Book.class, trip -> new Book("seat"))
                .build();
        Conversation saga = Conversation.started(fragile)
                .succeeds("hotel")
                .rejects("flight")
                .compensationErrs("hotel");
        broken.set(true);
        saga.chance(0).whenDue();
        assertThat(saga.reasonCode()).isEqualTo(ReasonCode.COMPENSATION_FAILED);

        saga.tell(new SagaEvent.RetryNow());

        assertThat(saga.reasonCode()).isEqualTo(ReasonCode.COMPENSATION_FAILED);
        assertThat(saga.state().reason()).contains("making the compensation of step 'hotel' threw", "out of order");
        assertThat(saga.status("hotel")).isEqualTo(StepStatus.COMPENSATING);
    }
}
