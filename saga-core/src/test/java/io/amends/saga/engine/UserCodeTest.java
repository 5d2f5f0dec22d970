package io.amends.saga.engine;

import static io.amends.saga.engine.CommandKind.ACTION;
import static org.assertj.core.api.Assertions.assertThat;

import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.engine.Conversation.Book;
import io.amends.saga.engine.Conversation.Booked;
import io.amends.saga.engine.Conversation.Cancel;
import io.amends.saga.engine.Conversation.Trip;
import io.amends.saga.engine.SagaEvent.ReplyReceived;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What the saga's own functions throw becomes a decision, and mended code lets the instance go on. */
class UserCodeTest {

    private final AtomicBoolean broken = new AtomicBoolean(true);

    private <T> T work(T result) {
        if (broken.get()) {
            throw FramesTest.thrown(new IllegalStateException("out of order"), "com.shop.Trips#note:7");
        }
        return result;
    }

    private SagaDefinition throwing(String where) {
        return SagaDefinition.named("throwing")
                .data(Trip.class)
                .step("hotel", "grand", Book.class, trip -> new Book("room"))
                .compensatedBy(
                        "grand",
                        Cancel.class,
                        trip -> where.equals("compensation") ? work(new Cancel("room")) : new Cancel("room"))
                .onReply(Booked.class, (trip, reply) -> where.equals("reply") ? work(trip.note("room")) : trip)
                .pivot(
                        "flight",
                        "airline",
                        Book.class,
                        trip -> where.equals("action") ? work(new Book("seat")) : new Book("seat"))
                .build();
    }

    private static void assertStuck(Conversation saga, ReasonCode code) {
        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(saga.reasonCode()).isEqualTo(code);
        assertThat(saga.state().reason()).contains("out of order");
        assertThat(saga.state().reasonFrames()).isEqualTo("com.shop.Trips.note:7");
        assertThat(saga.effects()).endsWith("STUCK");
    }

    @Test
    void a_command_that_cannot_be_made_is_stuck() {
        Conversation saga = Conversation.started(throwing("action")).succeeds("hotel");

        assertStuck(saga, ReasonCode.NON_RETRYABLE);
        assertThat(saga.status("hotel")).isEqualTo(StepStatus.SUCCEEDED);
        assertThat(saga.status("flight")).isEqualTo(StepStatus.PENDING);
    }

    @Test
    void a_compensation_that_cannot_be_made_is_stuck() {
        Conversation saga =
                Conversation.started(throwing("compensation")).succeeds("hotel").rejects("flight");

        assertStuck(saga, ReasonCode.COMPENSATION_FAILED);
        assertThat(saga.status("hotel")).isEqualTo(StepStatus.SUCCEEDED);
    }

    @Test
    void a_reply_that_cannot_be_taken_in_is_stuck_and_can_be_taken_again() {
        ReplyReceived booked =
                new ReplyReceived("hotel", ACTION, "grand", Outcome.SUCCESS, new Booked("7"), "booked", false, 0, 0);
        Conversation saga = Conversation.started(throwing("reply")).tell(booked);
        assertStuck(saga, ReasonCode.NON_RETRYABLE);
        assertThat(saga.data().notes()).isEmpty();

        broken.set(false);
        saga.tell(booked);

        assertThat(saga.phase()).isEqualTo(SagaPhase.RUNNING);
        assertThat(saga.state().reasonFrames()).isNull();
        assertThat(saga.data().notes()).isEqualTo("room");
        assertThat(saga.effects()).containsExactly("action flight -> airline");
    }

    @Test
    void an_error_in_a_function_is_a_decision_too() {
        SagaDefinition absent = SagaDefinition.named("absent")
                .data(Trip.class)
                .pivot("flight", "airline", Book.class, trip -> {
                    throw new NoClassDefFoundError("com/airline/Seats");
                })
                .build();

        Conversation saga = Conversation.started(absent);

        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(saga.state().reason()).contains("com/airline/Seats");
    }
}
