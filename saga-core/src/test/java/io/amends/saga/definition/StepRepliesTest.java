package io.amends.saga.definition;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.saga.AddressedCommand;
import io.amends.saga.Commands;
import io.amends.saga.Compensation;
import io.amends.saga.OnReply;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.definition.Transfers.FundsReleased;
import io.amends.saga.definition.Transfers.InsufficientFunds;
import io.amends.saga.definition.Transfers.MoneyTransferSaga;
import io.amends.saga.definition.Transfers.ReleaseFunds;
import io.amends.saga.definition.Transfers.ReserveFunds;
import io.amends.saga.definition.Transfers.Transfer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StepRepliesTest {

    @Saga(name = "raw")
    @SuppressWarnings("rawtypes")
    static class Raw {

        @SagaStep(order = 1, name = "reserve")
        AddressedCommand reserve(Transfer transfer) {
            return Commands.to("bank-a", new ReserveFunds(transfer.id()));
        }

        @Compensation(of = "reserve")
        AddressedCommand release(Transfer transfer) {
            return Commands.to("bank-a", new ReleaseFunds(transfer.id()));
        }

        @OnReply(to = "reserve")
        Transfer refused(Transfer transfer, InsufficientFunds reply) {
            return transfer.refused("insufficient funds");
        }
    }

    private final StepDefinition typed =
            AnnotatedSagas.read(new MoneyTransferSaga()).step("reserve-funds").orElseThrow();
    private final StepDefinition raw =
            AnnotatedSagas.read(new Raw()).step("reserve").orElseThrow();

    @Test
    void a_reply_is_found_in_the_contract_of_the_command_that_was_answered() {
        assertThat(StepReplies.find(typed, false, "insufficient-funds"))
                .isEqualTo(Optional.of(InsufficientFunds.class));
        assertThat(StepReplies.find(typed, true, "funds-released")).isEqualTo(Optional.of(FundsReleased.class));
        assertThat(StepReplies.find(typed, true, "insufficient-funds")).isEmpty();
        assertThat(StepReplies.find(typed, false, "funds-released")).isEmpty();
    }

    @Test
    void without_a_known_contract_a_reply_is_found_among_the_handlers() {
        assertThat(StepReplies.find(raw, false, "insufficient-funds")).isEqualTo(Optional.of(InsufficientFunds.class));
        assertThat(StepReplies.find(raw, false, "funds-reserved")).isEmpty();
        assertThat(StepReplies.find(raw, true, "insufficient-funds")).isEmpty();
    }

    @Test
    void a_class_name_finds_nothing() {
        assertThat(StepReplies.find(typed, false, InsufficientFunds.class.getName()))
                .isEmpty();
        assertThat(StepReplies.find(typed, false, "java.lang.String")).isEmpty();
    }

    @Test
    void only_a_known_contract_can_be_closed() {
        assertThat(StepReplies.isClosed(typed, false)).isTrue();
        assertThat(StepReplies.isClosed(raw, false)).isFalse();
    }
}
