package io.amends.spring.boot.autoconfigure.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.definition.AnnotatedSagas;
import io.amends.saga.definition.SagaDefinition;
import io.amends.spring.boot.autoconfigure.kafka.TopicRetention;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BarrierCheckTest {

    private static final SagaDefinition LOAN = AnnotatedSagas.read(new LoanSaga());

    @Test
    void a_saga_that_may_take_longer_than_its_commands_are_remembered_is_warned_of_with_what_to_do() {
        assertThat(new BarrierCheck(Duration.ofDays(180)).sagas(List.of(LOAN)))
                .containsExactly(
                        "Saga 'loan' version 1 may take 200d (its deadline), but participants with the retention of this service forget its commands after 180d (saga.retention.barrier). A compensation that comes later undoes nothing. Set it to more than 200d here and at every participant of the saga, or to 0 for ever.");
        assertThat(new BarrierCheck(Duration.ofDays(200)).sagas(List.of(LOAN))).isEmpty();
    }

    @Test
    void a_topic_that_keeps_commands_for_longer_is_warned_of_with_what_to_do() {
        BarrierCheck check = new BarrierCheck(Duration.ofDays(8));

        assertThat(check.topics(Map.of("saga.bank.commands", Duration.ofDays(30))))
                .containsExactly(
                        "Topic saga.bank.commands keeps commands for 30d, but participants forget them after 8d (saga.retention.barrier). A command that is read again later than that is carried out again. Set saga.retention.barrier to more than 30d, or lower the topic's retention.ms.");
        assertThat(check.topics(Map.of("saga.bank.commands", TopicRetention.FOR_EVER)))
                .singleElement()
                .asString()
                .startsWith("Topic saga.bank.commands keeps commands for ever");
        assertThat(check.topics(Map.of("saga.bank.commands", Duration.ofDays(7))))
                .isEmpty();
    }

    @Saga(name = "loan", version = 1, deadline = "200d")
    static class LoanSaga {

        record Loan(String id) {}

        @SagaStep(order = 1, name = "note", kind = StepKind.RETRIABLE)
        Loan note(Loan loan) {
            return loan;
        }
    }
}
