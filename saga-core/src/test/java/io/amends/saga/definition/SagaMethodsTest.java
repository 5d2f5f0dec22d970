package io.amends.saga.definition;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.saga.AddressedCommand;
import io.amends.saga.OnReply;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.definition.Transfers.FundsCaptured;
import io.amends.saga.definition.Transfers.Transfer;
import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import org.junit.jupiter.api.Test;

/** What comes out of the methods of a saga class when they run. */
class SagaMethodsTest {

    private static final Transfer TRANSFER = new Transfer("t-1", "bank-a", "bank-b", "new");

    private static StepAction.Remote remote(SagaDefinition saga, String step) {
        return (StepAction.Remote) saga.step(step).orElseThrow().action();
    }

    private static StepAction.Local local(SagaDefinition saga, String step) {
        return (StepAction.Local) saga.step(step).orElseThrow().action();
    }

    @Saga(name = "throwing")
    static class Throwing {

        @SagaStep(order = 1, name = "unchecked", kind = StepKind.RETRIABLE)
        void unchecked(Transfer data) {
            throw new IllegalArgumentException("as it is");
        }

        @SagaStep(order = 2, name = "checked", kind = StepKind.RETRIABLE)
        void checked(Transfer data) throws IOException {
            throw new IOException("disk full");
        }

        @SagaStep(order = 3, name = "nothing", kind = StepKind.RETRIABLE)
        AddressedCommand<Transfers.CaptureFunds> nothing(Transfer data) {
            return nothingAtAll();
        }

        @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
        private static <T> T nothingAtAll() {
            return null;
        }
    }

    @Test
    void what_a_method_throws_unchecked_is_thrown_as_it_is() {
        StepAction.Local step = local(AnnotatedSagas.read(new Throwing()), "unchecked");

        assertThatThrownBy(() -> step.run().apply(TRANSFER))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("as it is");
    }

    @Test
    void what_a_method_throws_checked_is_wrapped_with_the_method() {
        StepAction.Local step = local(AnnotatedSagas.read(new Throwing()), "checked");

        assertThatThrownBy(() -> step.run().apply(TRANSFER))
                .isExactlyInstanceOf(UndeclaredThrowableException.class)
                .hasMessageContaining("Throwing.checked(Transfer) threw java.io.IOException: disk full")
                .hasCauseExactlyInstanceOf(IOException.class);
    }

    @Test
    void a_method_that_returns_null_is_named() {
        StepAction.Remote step = remote(AnnotatedSagas.read(new Throwing()), "nothing");

        assertThatThrownBy(() -> step.command().apply(TRANSFER))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Throwing.nothing(Transfer) returned null");
    }

    @Saga(name = "nulls")
    static class Nulls {

        @SagaStep(order = 1, name = "no-data", kind = StepKind.RETRIABLE)
        Transfer noData(Transfer data) {
            return Throwing.nothingAtAll();
        }

        @SagaStep(order = 2, name = "no-reply", kind = StepKind.RETRIABLE)
        FundsCaptured noReply(Transfer data) {
            return Throwing.nothingAtAll();
        }

        @OnReply(to = "no-reply")
        Transfer handled(Transfer data, FundsCaptured reply) {
            return Throwing.nothingAtAll();
        }
    }

    @Test
    void null_is_never_taken_for_unchanged_data_or_for_success() {
        SagaDefinition saga = AnnotatedSagas.read(new Nulls());
        ReplyHandler handler =
                saga.step("no-reply").orElseThrow().replyHandlers().get(0);

        assertThatThrownBy(() -> local(saga, "no-data").run().apply(TRANSFER))
                .hasMessageContaining("Nulls.noData(Transfer) returned null");
        assertThatThrownBy(() -> local(saga, "no-reply").run().apply(TRANSFER))
                .hasMessageContaining("Nulls.noReply(Transfer) returned null");
        assertThatThrownBy(() -> handler.apply().apply(TRANSFER, new FundsCaptured()))
                .hasMessageContaining("Nulls.handled(Transfer, FundsCaptured) returned null");
    }
}
