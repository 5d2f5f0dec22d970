package io.amends.test.saga;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.engine.ReasonCode;
import io.amends.test.saga.Trips.Book;
import io.amends.test.saga.Trips.Booked;
import io.amends.test.saga.Trips.Cancel;
import io.amends.test.saga.Trips.Trip;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Data and messages that are written and read as in production. */
class RoundTripTest {

    /** As people write it who come from entities. */
    private static final class Notes {

        private final List<String> lines = new ArrayList<>();

        Notes with(String line) {
            lines.add(line);
            return this;
        }

        Notes broken(String line) {
            lines.add(line);
            throw new IllegalStateException("out of order");
        }

        static Object copy(Object value) {
            if (!(value instanceof Notes notes)) {
                return value;
            }
            Notes copy = new Notes();
            copy.lines.addAll(notes.lines);
            return copy;
        }
    }

    @Test
    void what_a_method_did_to_mutable_data_before_it_threw_is_not_kept() {
        SagaConversation local = SagaTester.of(SagaDefinition.named("notes")
                        .data(Notes.class)
                        .retriableLocalStep("first", notes -> notes.with("first"))
                        .retriableLocalStep("second", notes -> notes.broken("second"))
                        .build())
                .roundTrip(Notes::copy)
                .given(new Notes())
                .expectLocalStep("second");
        assertThat(local.data(Notes.class).lines).containsExactly("first");

        SagaConversation remote = SagaTester.of(SagaDefinition.named("notes")
                        .data(Notes.class)
                        .step("hotel", "grand", Book.class, notes -> new Book("room"))
                        .compensatedBy("grand", Cancel.class, notes -> new Cancel("room"))
                        .onReply(Booked.class, (notes, reply) -> notes.broken("booked"))
                        .build())
                .roundTrip(Notes::copy)
                .given(new Notes())
                .expectCommand("grand", Book.class)
                .reply(new Booked("7"))
                .expectStuck(ReasonCode.NON_RETRYABLE);
        assertThat(remote.data(Notes.class).lines).isEmpty();
    }

    @Test
    void a_crash_undoes_what_was_done_to_mutable_data() {
        SagaConversation conversation = SagaTester.of(SagaDefinition.named("notes")
                        .data(Notes.class)
                        .localPivot("first", notes -> notes.with("first"))
                        .build())
                .roundTrip(Notes::copy)
                .given(new Notes())
                .crash()
                .expectCompleted();
        assertThat(conversation.data(Notes.class).lines).containsExactly("first");
    }

    @Test
    void what_does_not_come_back_as_it_was_fails_the_test() {
        SagaTester forgetful = SagaTester.of(SagaDefinition.named("trip")
                        .data(Trip.class)
                        .pivot("flight", "airline", Book.class, trip -> new Book("seat"))
                        .build())
                .roundTrip(value -> value instanceof Book ? new Book("") : value);

        assertThatThrownBy(() -> forgetful.given(new Trip("ann", "")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll("Book does not survive the round trip", "Book[what=seat]", "Book[what=]");
    }
}
