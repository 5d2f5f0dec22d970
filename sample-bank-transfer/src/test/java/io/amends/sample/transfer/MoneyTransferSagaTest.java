package io.amends.sample.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.saga.Rejection;
import io.amends.saga.engine.Disposition;
import io.amends.saga.engine.ReasonCode;
import io.amends.saga.engine.SagaEvent.ResolveByHand;
import io.amends.saga.engine.SagaEvent.RetryNow;
import io.amends.saga.engine.SagaPhase;
import io.amends.saga.engine.StepStatus;
import io.amends.sample.contract.BankCommands.CaptureFunds;
import io.amends.sample.contract.BankCommands.CreditAccount;
import io.amends.sample.contract.BankCommands.ReleaseFunds;
import io.amends.sample.contract.BankCommands.ReserveFunds;
import io.amends.sample.contract.BankReplies.AccountClosed;
import io.amends.sample.contract.BankReplies.AccountCredited;
import io.amends.sample.contract.BankReplies.AccountUnknown;
import io.amends.sample.contract.BankReplies.FundsCaptured;
import io.amends.sample.contract.BankReplies.FundsReleased;
import io.amends.sample.contract.BankReplies.FundsReserved;
import io.amends.sample.contract.BankReplies.InsufficientFunds;
import io.amends.test.saga.SagaConversation;
import io.amends.test.saga.SagaTester;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** The transfer saga alone: no Spring, no database, no broker, and nobody waits. docs/testing.md explains it. */
class MoneyTransferSagaTest {

    private static final UUID ID = UUID.fromString("b6f2f0c4-6d0b-4f2e-9e64-3a7b5f0c9d11");
    private static final BigDecimal AMOUNT = new BigDecimal("25.00");
    private static final Transfer TRANSFER = new Transfer(ID, "bank-a", "alice", "bank-b", "bob", AMOUNT, null);

    private final SagaTester tester = SagaTester.of(new MoneyTransferSaga());

    private SagaConversation asked() {
        return tester.given(TRANSFER).expectCommand("bank-a", new ReserveFunds(ID, "alice", AMOUNT));
    }

    private SagaConversation reserved() {
        return asked().reply(new FundsReserved()).expectCommand("bank-b", new CreditAccount(ID, "bob", AMOUNT));
    }

    private SagaConversation credited() {
        return reserved().reply(new AccountCredited()).expectCommand("bank-a", new CaptureFunds(ID));
    }

    @Test
    void money_is_reserved_credited_and_captured() {
        credited().reply(new FundsCaptured()).expectCompleted().expectData(TRANSFER);
    }

    @Test
    void data_and_messages_survive_being_written_and_read() {
        JsonMapper mapper = new JsonMapper();

        tester.roundTrip(value -> mapper.readValue(mapper.writeValueAsBytes(value), value.getClass()))
                .given(TRANSFER)
                .expectCommand("bank-a", new ReserveFunds(ID, "alice", AMOUNT))
                .reject(new InsufficientFunds("alice"))
                .expectCompensated()
                .expectData(TRANSFER.refused("insufficient funds"));
    }

    static Stream<Arguments> refusalsOfTheSource() {
        return Stream.of(
                Arguments.of(new InsufficientFunds("alice"), "insufficient funds"),
                Arguments.of(new AccountClosed("alice"), "source account closed"),
                Arguments.of(new AccountUnknown("alice"), "source account unknown"));
    }

    @ParameterizedTest
    @MethodSource("refusalsOfTheSource")
    void a_source_that_refuses_ends_the_transfer_with_nothing_to_compensate(Rejection refusal, String reason) {
        asked().reject(refusal)
                .expectNoCommand()
                .expectCompensated()
                .expectReason(ReasonCode.REJECTED)
                .expectData(TRANSFER.refused(reason));
    }

    static Stream<Arguments> refusalsOfTheDestination() {
        return Stream.of(
                Arguments.of(new AccountClosed("bob"), "destination account closed"),
                Arguments.of(new AccountUnknown("bob"), "destination account unknown"));
    }

    @ParameterizedTest
    @MethodSource("refusalsOfTheDestination")
    void a_destination_that_refuses_lets_the_source_release_the_money(Rejection refusal, String reason) {
        reserved()
                .reject(refusal)
                .expectCompensation("reserve-funds", new ReleaseFunds(ID))
                .reply(new FundsReleased())
                .expectCompensated()
                .expectReason(ReasonCode.REJECTED)
                .expectData(TRANSFER.refused(reason));
    }

    @Test
    void a_source_that_does_not_reply_is_asked_again_and_then_compensated_first() {
        SagaConversation conversation = asked().noReply().expectCommand("bank-a", ReserveFunds.class);
        assertThat(conversation.command(ReserveFunds.class).transferId()).isEqualTo(ID);

        conversation
                .noReplyAtAll()
                .expectStep("reserve-funds", StepStatus.COMPENSATING)
                .expectCompensation("reserve-funds", new ReleaseFunds(ID))
                .reply(new FundsReleased())
                .expectCompensated()
                .expectReason(ReasonCode.RETRIES_EXHAUSTED);
    }

    @Test
    void a_reply_that_comes_too_late_reopens_nothing() {
        asked().noReplyAtAll()
                .expectCompensation("reserve-funds", ReleaseFunds.class)
                .reply(new FundsReleased())
                .expectCompensated()
                .answering("reserve-funds")
                .reply(new FundsReserved())
                .expectIgnored(Disposition.LATE)
                .expectCompensated();
    }

    @Test
    void a_reply_that_comes_twice_counts_once() {
        credited().replyAgain().expectIgnored(Disposition.DUPLICATE).expectNoCommand();
    }

    @Test
    void a_destination_that_gave_no_answer_until_the_deadline_is_left_to_an_operator() {
        SagaConversation stuck = reserved().noReplyAtAll().expectStuck(ReasonCode.RETRIES_EXHAUSTED);
        assertThat(Duration.between(Instant.parse("2026-01-01T12:00:00Z"), stuck.now()))
                .isLessThan(Duration.ofMinutes(10));

        stuck.operator(new RetryNow())
                .expectCommand("bank-b", CreditAccount.class)
                .timePasses(Duration.ofMinutes(6))
                .expectStuck(ReasonCode.DEADLINE_BREACHED)
                .operator(new ResolveByHand(SagaPhase.COMPLETED, "bank-b confirmed by telephone"))
                .expectCompleted()
                .expectReason(ReasonCode.RESOLVED_BY_HAND);
    }

    @Test
    void a_bank_with_trouble_is_asked_again_after_a_while() {
        credited()
                .error()
                .expectNoCommand()
                .timePassesUntilDue()
                .expectCommand("bank-a", new CaptureFunds(ID))
                .reply(new FundsCaptured())
                .expectCompleted();
    }

    @Test
    void an_orchestrator_that_dies_before_it_stored_anything_sends_the_same_afterwards() {
        asked().reply(new FundsReserved())
                .crash()
                .expectCommand("bank-b", new CreditAccount(ID, "bob", AMOUNT))
                .reject(new AccountClosed("bob"))
                .crash()
                .expectCompensation("reserve-funds", new ReleaseFunds(ID))
                .expectNoCommand();
    }
}
