package io.amends.saga.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Success;
import io.amends.saga.definition.LocalResult;
import io.amends.saga.engine.Conversation.Booked;
import io.amends.saga.engine.Conversation.SoldOut;
import io.amends.saga.engine.Conversation.Trip;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A "no" that forgets to be a rejection is never taken for a yes, whoever says it. */
class UndecidedAnswersTest {

    record Perhaps() implements Reply {}

    record YesAndNo() implements Success, Rejection {}

    static Stream<Reply> undecided() {
        return Stream.of(new Perhaps(), new YesAndNo());
    }

    @ParameterizedTest
    @MethodSource("undecided")
    void of_a_local_step_it_counts_as_thrown_and_no_other_attempt_mends_it(Reply reply) {
        SagaEvent event = SagaEvent.localStep("quota", CommandKind.ACTION, new LocalResult(new Trip("", true), reply));

        assertThat(event).isInstanceOfSatisfying(SagaEvent.LocalStepThrew.class, threw -> {
            assertThat(threw.permanent()).isTrue();
            assertThat(threw.error())
                    .startsWith(reply.getClass().getSimpleName() + ", which is ")
                    .endsWith("Let it implement Rejection if the answer is no, else Success.");
        });
    }

    @ParameterizedTest
    @MethodSource("undecided")
    void it_can_not_be_told_to_the_engine_as_an_answer(Reply reply) {
        Trip trip = new Trip("", true);
        assertThatThrownBy(() -> new SagaEvent.LocalStepRan("quota", CommandKind.ACTION, trip, reply))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SagaEvent.SignalReceived("boss", reply))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @MethodSource("undecided")
    void an_operator_can_not_give_it_as_the_result_of_a_step(Reply reply) {
        Conversation saga =
                Conversation.started(TripSagas.trip()).tell(new SagaEvent.Skip("hotel", CommandKind.ACTION, reply));

        assertThat(saga.disposition()).isEqualTo(Disposition.NOT_ALLOWED);
    }

    @Test
    void what_says_yes_or_no_and_what_says_nothing_is_what_the_step_answered() {
        Trip trip = new Trip("", true);
        assertThat(Stream.of(
                        new LocalResult(trip, null),
                        new LocalResult(trip, new Booked("7")),
                        new LocalResult(trip, new SoldOut("room"))))
                .allSatisfy(result -> assertThat(SagaEvent.localStep("quota", CommandKind.ACTION, result))
                        .isEqualTo(new SagaEvent.LocalStepRan("quota", CommandKind.ACTION, trip, result.reply())));
    }
}
