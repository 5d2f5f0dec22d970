package io.amends.saga.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.engine.Conversation.Book;
import io.amends.saga.engine.Conversation.Cancel;
import io.amends.saga.engine.Conversation.Send;
import io.amends.saga.engine.Conversation.Trip;
import io.amends.saga.engine.SagaEffect.SendCommand;
import io.amends.saga.engine.SagaEvent.EditAndRetry;
import io.amends.saga.engine.SagaEvent.Hold;
import io.amends.saga.engine.SagaEvent.ResolveByHand;
import org.junit.jupiter.api.Test;

/** Other data in the place of a stuck saga's. */
class EditAndRetryTest {

    private static final Trip MENDED = new Trip("mended", false);

    /** A label that can't be printed of insured trips, and commands that tell the notes. */
    private static SagaDefinition parcel() {
        return SagaDefinition.named("parcel")
                .data(Trip.class)
                .step("book", "clerk", Book.class, trip -> new Book(trip.notes()))
                .compensatedBy("clerk", Cancel.class, trip -> new Cancel(trip.notes()))
                .pivot("label", "printer", Book.class, trip -> {
                    if (trip.insured()) {
                        throw new IllegalStateException("no such format");
                    }
                    return new Book(trip.notes());
                })
                .retriable("letter", "post", Send.class, trip -> new Send(trip.notes()))
                .build();
    }

    private static Conversation stuckAtTheLabel() {
        Conversation saga =
                Conversation.started(parcel(), new Trip("wrong", true)).succeeds("book");
        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        return saga;
    }

    private static SendCommand sent(Conversation saga) {
        assertThat(saga.decided()).hasSize(1);
        return (SendCommand) saga.decided().get(0);
    }

    private static void assertNotAllowed(Conversation saga, Object data) {
        SagaState before = saga.state();
        saga.tell(new EditAndRetry(data));
        assertThat(saga.disposition()).isEqualTo(Disposition.NOT_ALLOWED);
        assertThat(saga.state()).isSameAs(before);
        assertThat(saga.decided()).isEmpty();
    }

    @Test
    void a_command_that_could_not_be_made_is_made_of_the_other_data() {
        Conversation saga = stuckAtTheLabel().tell(new EditAndRetry(MENDED));

        assertThat(saga.phase()).isEqualTo(SagaPhase.RUNNING);
        assertThat(saga.data()).isEqualTo(MENDED);
        assertThat(sent(saga).command()).isEqualTo(new Book("mended"));
        saga.succeeds("label").succeeds("letter");
        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPLETED);
    }

    @Test
    void a_command_that_a_participant_gave_up_is_sent_again_of_the_other_data_and_keeps_its_key() {
        Conversation saga = Conversation.started(parcel(), new Trip("wrong", false))
                .succeeds("book")
                .errsForGood("label");
        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        int round = saga.state().step("label").round();

        saga.tell(new EditAndRetry(MENDED));

        assertThat(sent(saga).command()).isEqualTo(new Book("mended"));
        assertThat(sent(saga).round()).isEqualTo(round);
    }

    @Test
    void a_compensation_is_made_of_the_other_data_too() {
        Conversation saga = Conversation.started(parcel(), new Trip("wrong", false))
                .succeeds("book")
                .rejects("label")
                .compensationFails("book");
        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);

        saga.tell(new EditAndRetry(MENDED));

        assertThat(saga.phase()).isEqualTo(SagaPhase.COMPENSATING);
        assertThat(sent(saga).command()).isEqualTo(new Cancel("mended"));
    }

    @Test
    void data_of_which_the_command_can_not_be_made_either_leaves_it_stuck_with_that_data() {
        Conversation saga = stuckAtTheLabel().tell(new EditAndRetry(new Trip("other", true)));

        assertThat(saga.disposition()).isEqualTo(Disposition.ACCEPTED);
        assertThat(saga.phase()).isEqualTo(SagaPhase.STUCK);
        assertThat(saga.data()).isEqualTo(new Trip("other", true));
    }

    @Test
    void what_runs_is_paused_has_ended_or_is_not_of_the_type_is_not_edited() {
        assertNotAllowed(Conversation.started(parcel()), MENDED);
        assertNotAllowed(stuckAtTheLabel().tell(new Hold("x", null)), MENDED);
        assertNotAllowed(stuckAtTheLabel().tell(new ResolveByHand(SagaPhase.COMPLETED, "x")), MENDED);
        assertNotAllowed(stuckAtTheLabel(), "no trip");
    }
}
