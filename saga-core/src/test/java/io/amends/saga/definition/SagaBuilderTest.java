package io.amends.saga.definition;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.amends.saga.Commands;
import io.amends.saga.StepKind;
import io.amends.saga.definition.Transfers.AccountClosed;
import io.amends.saga.definition.Transfers.CaptureFunds;
import io.amends.saga.definition.Transfers.CreditAccount;
import io.amends.saga.definition.Transfers.InsufficientFunds;
import io.amends.saga.definition.Transfers.MoneyTransferSaga;
import io.amends.saga.definition.Transfers.ReleaseFunds;
import io.amends.saga.definition.Transfers.ReserveFunds;
import io.amends.saga.definition.Transfers.Transfer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SagaBuilderTest {

    private static final Transfer TRANSFER = new Transfer("t-1", "bank-a", "bank-b", "new");

    private static SagaDefinition moneyTransfer() {
        return SagaDefinition.named("money-transfer")
                .version(2)
                .deadline(Duration.ofMinutes(10))
                .data(Transfer.class)
                .step("reserve-funds", ReserveFunds.class, t -> Commands.to(t.fromBank(), new ReserveFunds(t.id())))
                .compensatedBy(ReleaseFunds.class, t -> Commands.to(t.fromBank(), new ReleaseFunds(t.id())))
                .timeout(Duration.ofSeconds(30))
                .onReply(InsufficientFunds.class, (t, reply) -> t.refused("insufficient funds"))
                .pivot(
                        "credit-destination",
                        CreditAccount.class,
                        t -> Commands.to(t.toBank(), new CreditAccount(t.id())))
                .onReply(AccountClosed.class, (t, reply) -> t.refused("account closed"))
                .retriable(
                        "capture-funds", CaptureFunds.class, t -> Commands.to(t.fromBank(), new CaptureFunds(t.id())))
                .build();
    }

    /** Everything but the functions, which have no equality. */
    private static String shape(SagaDefinition saga) {
        StringBuilder shape = new StringBuilder(
                "%s %d %s %s".formatted(saga.name(), saga.version(), saga.dataType(), saga.deadline()));
        for (StepDefinition step : saga.steps()) {
            shape.append("%n%s %s %s".formatted(step.name(), step.kind(), step.timeout()));
            for (StepAction action : List.of(step.action(), requireNonNullElseLocal(step.compensation()))) {
                shape.append(
                        action instanceof StepAction.Remote remote
                                ? " %s %s %s"
                                        .formatted(
                                                remote.commandType(),
                                                remote.participant(),
                                                remote.command().apply(TRANSFER))
                                : " local");
            }
            step.replyHandlers().forEach(handler -> shape.append(" ").append(handler.replyType()));
        }
        return shape.toString();
    }

    private static StepAction requireNonNullElseLocal(@org.jspecify.annotations.Nullable StepAction action) {
        return action == null ? new StepAction.Local(data -> new LocalResult(data, null)) : action;
    }

    @Test
    void builder_and_annotations_yield_the_same_definition() {
        SagaDefinition annotated = AnnotatedSagas.read(new MoneyTransferSaga());

        assertThat(shape(moneyTransfer())).isEqualTo(shape(annotated));
        assertThat(moneyTransfer().fingerprint()).isEqualTo(annotated.fingerprint());
    }

    @Test
    void reply_handlers_and_hooks_take_the_typed_data() {
        List<String> ended = new ArrayList<>();
        SagaDefinition saga = SagaDefinition.named("hooked")
                .data(Transfer.class)
                .retriableLocalStep("only", t -> t)
                .onCompleted(t -> ended.add("completed " + t.id()))
                .onCompensated(t -> ended.add("compensated " + t.id()))
                .build();

        requireNonNull(saga.hooks().onCompleted()).accept(TRANSFER);
        requireNonNull(saga.hooks().onCompensated()).accept(TRANSFER);

        assertThat(ended).containsExactly("completed t-1", "compensated t-1");
        ReplyHandler refused = moneyTransfer()
                .step("reserve-funds")
                .orElseThrow()
                .replyHandlers()
                .get(0);
        assertThat(refused.apply().apply(TRANSFER, new InsufficientFunds()))
                .isEqualTo(TRANSFER.refused("insufficient funds"));
    }

    private static SagaDefinition everyKind() {
        return SagaDefinition.named("every-kind")
                .data(Transfer.class)
                .localStep("note", t -> t.refused("noted"))
                .compensatedLocallyBy(t -> t.refused("un-noted"))
                .step("zebra", "bank-a", ReserveFunds.class, t -> new ReserveFunds(t.id()))
                .compensatedBy("bank-b", ReleaseFunds.class, t -> new ReleaseFunds(t.id()))
                .onlyIf(t -> t.fromBank().equals("bank-a"))
                .alongside()
                .step("ape", "bank-a", ReserveFunds.class, t -> new ReserveFunds(t.id()))
                .compensatedBy("bank-a", ReleaseFunds.class, t -> new ReleaseFunds(t.id()))
                .pivot("decide", "bank-c", CreditAccount.class, t -> new CreditAccount(t.id()))
                .retriable("finish", "bank-d", CaptureFunds.class, t -> new CaptureFunds(t.id()))
                .alongside()
                .retriableLocalStep("tell", t -> t.refused("told"))
                .build();
    }

    @Test
    void steps_alongside_each_other_share_an_order_and_stand_by_name() {
        assertThat(everyKind().steps())
                .extracting(step -> step.order() + " " + step.name())
                .containsExactly("1 note", "2 ape", "2 zebra", "3 decide", "4 finish", "4 tell");
    }

    @Test
    void local_steps_and_local_compensations_yield_the_data() {
        StepDefinition note = everyKind().step("note").orElseThrow();

        assertThat(note.action())
                .isInstanceOfSatisfying(
                        StepAction.Local.class,
                        action -> assertThat(action.run().apply(TRANSFER))
                                .isEqualTo(new LocalResult(TRANSFER.refused("noted"), null)));
        assertThat(note.compensation())
                .isInstanceOfSatisfying(
                        StepAction.Local.class,
                        action -> assertThat(action.run().apply(TRANSFER))
                                .isEqualTo(new LocalResult(TRANSFER.refused("un-noted"), null)));
    }

    @Test
    void a_fixed_participant_is_known_before_the_command_is_made() {
        StepDefinition zebra = everyKind().step("zebra").orElseThrow();

        StepAction.Remote action = (StepAction.Remote) zebra.action();
        StepAction.Remote compensation = (StepAction.Remote) requireNonNull(zebra.compensation());
        assertThat(action.participant()).isEqualTo("bank-a");
        assertThat(action.command().apply(TRANSFER)).contains(Commands.to("bank-a", new ReserveFunds("t-1")));
        assertThat(compensation.participant()).isEqualTo("bank-b");
        assertThat(compensation.command().apply(TRANSFER)).contains(Commands.to("bank-b", new ReleaseFunds("t-1")));
    }

    @Test
    void a_step_whose_condition_does_not_hold_is_skipped() {
        StepAction.Remote zebra =
                (StepAction.Remote) everyKind().step("zebra").orElseThrow().action();

        assertThat(zebra.command().apply(new Transfer("t-2", "bank-x", "bank-b", "new")))
                .isEmpty();
        assertThat(zebra.command().apply(TRANSFER)).isPresent();
    }

    @Test
    void a_local_pivot_divides_the_saga_as_a_remote_one_does() {
        SagaDefinition saga = SagaDefinition.named("local-pivot")
                .data(Transfer.class)
                .localPivot("decide", t -> t)
                .build();

        assertThat(saga.steps()).extracting(StepDefinition::kind).containsExactly(StepKind.PIVOT);
    }

    @Test
    void a_function_that_returns_null_is_named_by_saga_and_step() {
        StepAction.Local local = (StepAction.Local) SagaDefinition.named("nulls")
                .data(Transfer.class)
                .retriableLocalStep("nothing", t -> nothing())
                .build()
                .steps()
                .get(0)
                .action();

        assertThatThrownBy(() -> local.run().apply(TRANSFER))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("saga 'nulls', step 'nothing': a function returned null");
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T nothing() {
        return null;
    }

    @Test
    void what_the_compiler_cannot_see_is_reported_all_at_once() {
        InvalidSagaException invalid = catchThrowableOfType(
                InvalidSagaException.class,
                () -> SagaDefinition.named("Bad Name")
                        .version(0)
                        .data(Transfer.class)
                        .step("twice", "Bank A", ReserveFunds.class, t -> new ReserveFunds(t.id()))
                        .compensatedBy("bank-a", ReleaseFunds.class, t -> new ReleaseFunds(t.id()))
                        .onReply(AccountClosed.class, (t, reply) -> t)
                        .localStep("twice", t -> t)
                        .compensatedLocallyBy(t -> t)
                        .onlyIf(t -> true)
                        .build());

        assertThat(invalid.problems())
                .extracting(problem -> problem.code().code() + " " + problem.where())
                .containsExactlyInAnyOrder(
                        "SAGA-010 saga 'Bad Name'",
                        "SAGA-010 saga 'Bad Name'",
                        "SAGA-010 saga 'Bad Name', step 'twice'",
                        "SAGA-010 saga 'Bad Name', step 'twice'",
                        "SAGA-002 saga 'Bad Name', step 'twice'",
                        "SAGA-005 saga 'Bad Name', step 'twice'",
                        "SAGA-012 saga 'Bad Name', step 'twice'");
    }
}
