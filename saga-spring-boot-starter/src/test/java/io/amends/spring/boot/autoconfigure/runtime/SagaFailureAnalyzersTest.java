package io.amends.spring.boot.autoconfigure.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.amends.runtime.participant.AnnotatedParticipants;
import io.amends.runtime.participant.InvalidParticipantException;
import io.amends.runtime.wire.JacksonPayloadCodec;
import io.amends.saga.Command;
import io.amends.saga.CommandHandler;
import io.amends.saga.Compensation;
import io.amends.saga.Saga;
import io.amends.saga.SagaParticipant;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.Success;
import io.amends.saga.definition.AnnotatedSagas;
import io.amends.saga.definition.InvalidSagaException;
import io.amends.saga.definition.Problem;
import io.amends.saga.definition.ProblemCode;
import io.amends.saga.definition.SagaRegistry;
import io.amends.spring.boot.autoconfigure.definition.AnnotatedBeans.AnnotatedBean;
import io.amends.twopc.TwoPhaseRefusedException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.env.Environment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import org.springframework.mock.env.MockEnvironment;

class SagaFailureAnalyzersTest {

    @Test
    void an_invalid_saga_gets_all_problems_and_all_hints() {
        FailureAnalysis analysis = analyze(new InvalidSagaException(List.of(
                new Problem(
                        ProblemCode.MISSING_COMPENSATION,
                        "OrderSaga.pay",
                        "step 'pay' has no compensation.",
                        "Add a @Compensation(of = \"pay\") method."),
                new Problem(
                        ProblemCode.UNKNOWN_STEP,
                        "OrderSaga.undo",
                        "there is no step 'pai'.",
                        "Did you mean 'pay'?"))));

        assertThat(analysis.getDescription()).isEqualToNormalizingNewlines("""
                2 problems in saga definitions:
                - SAGA-003 OrderSaga.pay: step 'pay' has no compensation.
                - SAGA-004 OrderSaga.undo: there is no step 'pai'.""");
        assertThat(analysis.getAction()).isEqualToNormalizingNewlines("""
                - OrderSaga.pay: Add a @Compensation(of = "pay") method.
                - OrderSaga.undo: Did you mean 'pay'?""");
    }

    @Test
    void invalid_participants_are_told_all_at_once() {
        InvalidParticipantException invalid = new InvalidParticipantException(String.class, List.of("no handler."));
        invalid.addSuppressed(new InvalidParticipantException(Integer.class, List.of("bad name.")));

        FailureAnalysis analysis = analyze(invalid);

        assertThat(analysis.getDescription()).isEqualToNormalizingNewlines("""
                Participant java.lang.String has 1 problem(s):
                - no handler.
                Participant java.lang.Integer has 1 problem(s):
                - bad name.""");
        assertThat(analysis.getAction()).isEqualTo("Change the classes as the lines above say.");
    }

    @Test
    void a_wrong_return_type_is_told_with_those_that_would_do() {
        FailureAnalysis ofSaga = analyze(catchThrowable(() -> AnnotatedSagas.read(new WrongSaga())));
        FailureAnalysis ofParticipant =
                analyze(catchThrowable(() -> AnnotatedParticipants.read("bank", WrongBank.class, new WrongBank())));

        assertThat(ofSaga.getDescription()).isEqualToNormalizingNewlines("""
                1 problem in saga definitions:
                - SAGA-010 WrongSaga.pay(Bill): it returns java.lang.String.""");
        assertThat(ofSaga.getAction()).startsWith("- WrongSaga.pay(Bill): Return an AddressedCommand, a Command with");
        assertThat(ofParticipant.getDescription()).endsWith("""
                - WrongBank.on: a @CommandHandler method returns a reply, not void. Let it return Paid, as Pay says.""");
        assertThat(ofParticipant.getAction()).isEqualTo("Change the classes as the lines above say.");
    }

    @Test
    void a_command_that_nobody_here_handles_is_told_with_the_handler_to_add() {
        SagaRegistry sagas = SagaRegistry.of(List.of(), Map.of(Postage.class, AnnotatedSagas.read(new Postage())));
        SagaParticipant desk = Objects.requireNonNull(Desk.class.getAnnotation(SagaParticipant.class));
        FailureAnalysis analysis = analyze(catchThrowable(() -> ParticipantDefinitions.read(
                List.of(new AnnotatedBean<>(Desk.class, desk, new Desk())),
                UnaryOperator.identity(),
                sagas,
                new JacksonPayloadCodec())));

        assertThat(analysis.getDescription()).isEqualToNormalizingNewlines("""
                2 problems in saga definitions:
                - SAGA-011 postage v3, compensation of stamp: it sends pay to participant 'desk' of this application, which handles only [frank, unstamp].
                - SAGA-011 postage v3, weigh: it sends weigh to participant 'desk' of this application, which handles only [frank, unstamp].""");
        assertThat(analysis.getAction()).isEqualToNormalizingNewlines("""
                - postage v3, compensation of stamp: Add a @CommandHandler method that takes Pay.
                - postage v3, weigh: Add a @CommandHandler method that takes Weigh.""");
    }

    record Bill(String id) {}

    record Weigh(String id) implements Command<Paid> {}

    record Frank(String id) implements Command<Paid> {}

    record Unstamp(String id) implements Command<Paid> {}

    /** To one of this application's participants, and to one of another's. */
    @Saga(name = "postage", version = 3)
    static class Postage {
        @SagaStep(order = 1, name = "stamp", participant = "desk")
        Frank stamp(Bill bill) {
            return new Frank(bill.id());
        }

        @Compensation(of = "stamp")
        Pay unstamp(Bill bill) {
            return new Pay(bill.id());
        }

        @SagaStep(order = 2, name = "weigh", participant = "desk", kind = StepKind.RETRIABLE)
        Weigh weigh(Bill bill) {
            return new Weigh(bill.id());
        }

        @SagaStep(order = 3, name = "carry", participant = "elsewhere", kind = StepKind.RETRIABLE)
        Weigh carry(Bill bill) {
            return new Weigh(bill.id());
        }
    }

    @SagaParticipant("desk")
    static class Desk {
        @CommandHandler
        Paid on(Unstamp command) {
            return new Paid();
        }

        @CommandHandler
        Paid on(Frank command) {
            return new Paid();
        }
    }

    record Pay(String id) implements Command<Paid> {}

    record Paid() implements Success {}

    @Saga(name = "wrong")
    static class WrongSaga {
        @SagaStep(order = 1, name = "pay", kind = StepKind.RETRIABLE)
        String pay(Bill bill) {
            return bill.id();
        }
    }

    static class WrongBank {
        @CommandHandler
        void on(Pay command) {}
    }

    @Test
    void what_stands_in_the_way_of_two_phase_commit_is_told_in_the_words_of_who_looked() {
        FailureAnalysis analysis = analyze(new TwoPhaseRefusedException("max_prepared_transactions is 0."));

        assertThat(analysis.getDescription()).isEqualTo("max_prepared_transactions is 0.");
        assertThat(analysis.getAction()).isNull();
    }

    /** By those that are registered, in an application whose settings say nothing. */
    static FailureAnalysis analyze(Throwable cause) {
        Throwable failure = new BeanCreationException("someBean", "could not be made", cause);
        return SpringFactoriesLoader.forDefaultResourceLocation()
                .load(
                        FailureAnalyzer.class,
                        ArgumentResolver.of(BeanFactory.class, new DefaultListableBeanFactory())
                                .and(Environment.class, new MockEnvironment()),
                        (type, name, needsMore) -> {})
                .stream()
                .map(analyzer -> analyzer.analyze(failure))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow();
    }
}
