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
    private static final SagaDefinition ENDLESS = AnnotatedSagas.read(new EndlessSaga());
    private static final Duration SAGAS = Duration.ofDays(90);

    @Test
    void a_saga_that_may_be_open_longer_than_its_commands_are_remembered_is_warned_of_with_what_to_do() {
        assertThat(new BarrierCheck(Duration.ofDays(180), SAGAS).sagas(List.of(LOAN)))
                .containsExactly(
                        "Saga 'loan' version 1 may take 200d (its deadline) and, ended by hand, be reopened for 90d more (saga.retention.sagas), but participants with the retention of this service forget its commands after 180d (saga.retention.barrier). A compensation that comes later undoes nothing. Set it to more than 290d here and at every participant of the saga, or to 0 for ever.");
        assertThat(new BarrierCheck(Duration.ofDays(289), SAGAS).sagas(List.of(LOAN)))
                .hasSize(1);
        assertThat(new BarrierCheck(Duration.ofDays(290), SAGAS).sagas(List.of(LOAN)))
                .isEmpty();
    }

    @Test
    void a_saga_without_a_deadline_may_be_reopened_too() {
        assertThat(new BarrierCheck(Duration.ofDays(89), SAGAS).sagas(List.of(ENDLESS)))
                .singleElement()
                .asString()
                .startsWith("Saga 'endless' version 1 may take any time and, ended by hand, be reopened for 90d more");
        assertThat(new BarrierCheck(SAGAS, SAGAS).sagas(List.of(ENDLESS))).isEmpty();
    }

    @Test
    void sagas_that_are_kept_for_ever_while_their_commands_are_not_are_warned_of_once() {
        assertThat(new BarrierCheck(Duration.ofDays(180), null).sagas(List.of(LOAN, ENDLESS)))
                .singleElement()
                .asString()
                .startsWith("Ended sagas are kept for ever (saga.retention.sagas)")
                .contains("Set saga.retention.barrier to 0 too");
        assertThat(new BarrierCheck(Duration.ofDays(180), null).sagas(List.of()))
                .isEmpty();
    }

    @Test
    void a_topic_that_keeps_commands_for_longer_is_warned_of_with_what_to_do() {
        BarrierCheck check = new BarrierCheck(Duration.ofDays(8), SAGAS);

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

    @Saga(name = "endless", version = 1)
    static class EndlessSaga {

        record Story(String id) {}

        @SagaStep(order = 1, name = "tell", kind = StepKind.RETRIABLE)
        Story tell(Story story) {
            return story;
        }
    }
}
