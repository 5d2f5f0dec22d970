package io.amends.saga.definition;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.saga.AddressedCommand;
import io.amends.saga.Commands;
import io.amends.saga.Compensation;
import io.amends.saga.MessageType;
import io.amends.saga.OnReply;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.SearchAttribute;
import io.amends.saga.StepKind;
import io.amends.saga.definition.Transfers.AccountClosed;
import io.amends.saga.definition.Transfers.CaptureFunds;
import io.amends.saga.definition.Transfers.CreditAccount;
import io.amends.saga.definition.Transfers.InsufficientFunds;
import io.amends.saga.definition.Transfers.MoneyTransferSaga;
import io.amends.saga.definition.Transfers.ReleaseFunds;
import io.amends.saga.definition.Transfers.ReserveFunds;
import io.amends.saga.definition.Transfers.ReserveFundsReply;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FingerprintTest {

    record OtherData(String id) {}

    @MessageType("capture-funds")
    record RenamedCommand(String id) implements io.amends.saga.Command<Transfers.FundsCaptured> {}

    /** The money transfer once more: other class, method names, data, order of methods, order numbers, limits, hooks, attributes. */
    @Saga(name = "money-transfer", version = 2)
    static class Rewritten {

        @SagaStep(order = 3, name = "capture-funds", kind = StepKind.RETRIABLE, timeout = "1h")
        AddressedCommand<RenamedCommand> a(OtherData data) {
            return Commands.to("bank-z", new RenamedCommand(data.id()));
        }

        @OnReply(to = "credit-destination")
        void b(OtherData data, AccountClosed reply) {}

        @SagaStep(order = 2, name = "credit-destination", kind = StepKind.PIVOT)
        AddressedCommand<CreditAccount> c(OtherData data) {
            return Commands.to("bank-z", new CreditAccount(data.id()));
        }

        @Compensation(of = "reserve-funds")
        AddressedCommand<ReleaseFunds> d(OtherData data) {
            return Commands.to("bank-z", new ReleaseFunds(data.id()));
        }

        @OnReply(to = "reserve-funds")
        void e(OtherData data, InsufficientFunds reply) {}

        @SearchAttribute("id")
        String g(OtherData data) {
            return data.id();
        }

        @SagaStep(order = 1, name = "reserve-funds")
        AddressedCommand<ReserveFunds> f(OtherData data) {
            return Commands.to("bank-z", new ReserveFunds(data.id()));
        }
    }

    private static final SagaDefinition MONEY_TRANSFER = AnnotatedSagas.read(new MoneyTransferSaga());

    @Test
    void what_instances_do_not_depend_on_may_change() {
        SagaDefinition rewritten = AnnotatedSagas.read(new Rewritten());

        assertThat(Fingerprint.text(rewritten)).isEqualTo(Fingerprint.text(MONEY_TRANSFER));
        assertThat(rewritten.fingerprint()).isEqualTo(MONEY_TRANSFER.fingerprint());
    }

    @Test
    void the_text_is_the_one_that_stored_fingerprints_were_made_of() {
        // A change here makes every stored fingerprint differ: SAGA-015 for all running instances.
        assertThat(Fingerprint.text(MONEY_TRANSFER)).isEqualTo("""
                        money-transfer v2
                        1 reserve-funds COMPENSATABLE: reserve-funds to its address; compensation: release-funds to its address; takes [insufficient-funds]
                        2 credit-destination PIVOT: credit-account to its address; compensation: none; takes [account-closed]
                        3 capture-funds RETRIABLE: capture-funds to its address; compensation: none; takes []
                        """);
        assertThat(MONEY_TRANSFER.fingerprint()).matches("[0-9a-f]{64}");
    }

    private static SagaStages.BeforePivot<Transfers.Transfer> saga(String name, int version) {
        return SagaDefinition.named(name).version(version).data(Transfers.Transfer.class);
    }

    private static SagaStages.BeforePivot<Transfers.Transfer> reserved(String step, String bank) {
        return saga("a", 1)
                .step(step, bank, ReserveFunds.class, t -> new ReserveFunds(t.id()))
                .compensatedBy(bank, ReleaseFunds.class, t -> new ReleaseFunds(t.id()));
    }

    static List<Arguments> changes() {
        return List.of(
                Arguments.of(
                        "the name",
                        saga("b", 1)
                                .step("s", "bank-a", ReserveFunds.class, t -> new ReserveFunds(t.id()))
                                .compensatedBy("bank-a", ReleaseFunds.class, t -> new ReleaseFunds(t.id()))
                                .build()),
                Arguments.of(
                        "the version",
                        saga("a", 2)
                                .step("s", "bank-a", ReserveFunds.class, t -> new ReserveFunds(t.id()))
                                .compensatedBy("bank-a", ReleaseFunds.class, t -> new ReleaseFunds(t.id()))
                                .build()),
                Arguments.of("a step's name", reserved("other", "bank-a").build()),
                Arguments.of("a participant", reserved("s", "bank-b").build()),
                Arguments.of(
                        "a participant by data",
                        saga("a", 1)
                                .step("s", ReserveFunds.class, t -> Commands.to("bank-a", new ReserveFunds(t.id())))
                                .compensatedBy("bank-a", ReleaseFunds.class, t -> new ReleaseFunds(t.id()))
                                .build()),
                Arguments.of(
                        "a kind",
                        saga("a", 1)
                                .pivot("s", "bank-a", ReserveFunds.class, t -> new ReserveFunds(t.id()))
                                .build()),
                Arguments.of(
                        "a command",
                        saga("a", 1)
                                .step("s", "bank-a", CreditAccount.class, t -> new CreditAccount(t.id()))
                                .compensatedBy("bank-a", ReleaseFunds.class, t -> new ReleaseFunds(t.id()))
                                .build()),
                Arguments.of(
                        "a compensation's command",
                        saga("a", 1)
                                .step("s", "bank-a", ReserveFunds.class, t -> new ReserveFunds(t.id()))
                                .compensatedBy("bank-a", CaptureFunds.class, t -> new CaptureFunds(t.id()))
                                .build()),
                Arguments.of(
                        "a step that became local",
                        saga("a", 1)
                                .localStep("s", t -> t)
                                .compensatedBy("bank-a", ReleaseFunds.class, t -> new ReleaseFunds(t.id()))
                                .build()),
                Arguments.of(
                        "a reply handler",
                        reserved("s", "bank-a")
                                .onReply(ReserveFundsReply.class, (t, reply) -> t)
                                .build()),
                Arguments.of(
                        "a further step",
                        reserved("s", "bank-a").retriableLocalStep("t", t -> t).build()),
                Arguments.of(
                        "a further parallel step",
                        reserved("s", "bank-a")
                                .alongside()
                                .retriableLocalStep("t", t -> t)
                                .build()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changes")
    void what_instances_depend_on_changes_the_fingerprint(String what, SagaDefinition changed) {
        SagaDefinition original = reserved("s", "bank-a").build();

        assertThat(changed.fingerprint()).isNotEqualTo(original.fingerprint());
    }

    @Test
    void parallel_and_consecutive_steps_differ() {
        SagaDefinition consecutive =
                reserved("s", "bank-a").retriableLocalStep("t", t -> t).build();
        SagaDefinition parallel = reserved("s", "bank-a")
                .alongside()
                .retriableLocalStep("t", t -> t)
                .build();

        assertThat(parallel.fingerprint()).isNotEqualTo(consecutive.fingerprint());
    }

    @Test
    void limits_do_not_change_the_fingerprint() {
        assertThat(reserved("s", "bank-a").timeout(Duration.ofDays(1)).build().fingerprint())
                .isEqualTo(reserved("s", "bank-a").build().fingerprint());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changes")
    void steps_can_be_read_from_the_text(String what, SagaDefinition definition) {
        assertThat(StepShape.read(Fingerprint.text(definition))).contains(StepShape.of(definition));
    }

    @Test
    void of_another_text_no_step_is_read() {
        assertThat(StepShape.read("")).isEmpty();
        assertThat(StepShape.read(Fingerprint.text(MONEY_TRANSFER) + "\nand something else"))
                .isEmpty();
    }
}
