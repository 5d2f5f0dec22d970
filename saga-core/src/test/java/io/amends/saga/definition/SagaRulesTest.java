package io.amends.saga.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.amends.saga.Rejection;
import io.amends.saga.definition.BrokenSagas.AfterPivot;
import io.amends.saga.definition.BrokenSagas.AskOpenly;
import io.amends.saga.definition.BrokenSagas.BadHandlers;
import io.amends.saga.definition.BrokenSagas.BadHooks;
import io.amends.saga.definition.BrokenSagas.BadNames;
import io.amends.saga.definition.BrokenSagas.BadSaga;
import io.amends.saga.definition.BrokenSagas.BadSignatures;
import io.amends.saga.definition.BrokenSagas.BadTimeouts;
import io.amends.saga.definition.BrokenSagas.BesidePivot;
import io.amends.saga.definition.BrokenSagas.ConcreteBase;
import io.amends.saga.definition.BrokenSagas.DataDiffers;
import io.amends.saga.definition.BrokenSagas.DuplicateStep;
import io.amends.saga.definition.BrokenSagas.EverythingWrong;
import io.amends.saga.definition.BrokenSagas.FarOffReference;
import io.amends.saga.definition.BrokenSagas.MissingCompensation;
import io.amends.saga.definition.BrokenSagas.MisspeltReference;
import io.amends.saga.definition.BrokenSagas.MisspeltUndo;
import io.amends.saga.definition.BrokenSagas.NoReply;
import io.amends.saga.definition.BrokenSagas.NobodyNamed;
import io.amends.saga.definition.BrokenSagas.NotInContract;
import io.amends.saga.definition.BrokenSagas.OneTwin;
import io.amends.saga.definition.BrokenSagas.OtherTwin;
import io.amends.saga.definition.BrokenSagas.Overlapping;
import io.amends.saga.definition.BrokenSagas.Rejectable;
import io.amends.saga.definition.BrokenSagas.RejectableLocal;
import io.amends.saga.definition.BrokenSagas.RejectableOpen;
import io.amends.saga.definition.BrokenSagas.TwiceTaken;
import io.amends.saga.definition.BrokenSagas.Twins;
import io.amends.saga.definition.BrokenSagas.TwoCompensations;
import io.amends.saga.definition.BrokenSagas.TwoPivots;
import io.amends.saga.definition.BrokenSagas.Vague;
import io.amends.saga.definition.Transfers.Transfer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule with a class that breaks it and nothing else. */
class SagaRulesTest {

    private static Arguments broken(Supplier<Object> saga, String... problems) {
        return Arguments.of(saga.get().getClass().getSimpleName(), saga.get(), List.of(problems));
    }

    static List<Arguments> brokenSagas() {
        return List.of(
                broken(
                        DuplicateStep::new,
                        "SAGA-002 DuplicateStep.second(Transfer): step 'pay' is also declared by"
                                + " DuplicateStep.first(Transfer). | Rename one of them."),
                broken(
                        MissingCompensation::new,
                        "SAGA-003 MissingCompensation.pay(Transfer): step 'pay' is compensatable and has no"
                                + " compensation. | Add a method with @Compensation(of = \"pay\"), or make the step the"
                                + " pivot or retriable."),
                broken(
                        MisspeltReference::new,
                        "SAGA-004 MisspeltReference.refused(Transfer, InsufficientFunds): there is no step"
                                + " 'reserve-fund'. | Did you mean 'reserve-funds'?"),
                broken(
                        FarOffReference::new,
                        "SAGA-004 FarOffReference.undo(Transfer): there is no step 'something-else'. | The steps are:"
                                + " capture, tell."),
                broken(
                        TwoCompensations::new,
                        "SAGA-005 TwoCompensations.second(Transfer): step 'pay' is also compensated by"
                                + " TwoCompensations.first(Transfer). | Keep one of them."),
                broken(
                        AfterPivot::new,
                        "SAGA-006 AfterPivot.late(Transfer): step 'late' is compensatable, but does not stand before the"
                                + " pivot 'decide'. | Give it a smaller order than the pivot, or make it retriable."),
                broken(
                        BesidePivot::new,
                        "SAGA-006 BesidePivot.beside(Transfer): step 'beside' is compensatable, but does not stand"
                                + " before the pivot 'decide'. | Give it a smaller order than the pivot, or make it"
                                + " retriable."),
                broken(
                        TwoPivots::new,
                        "SAGA-007 TwoPivots.again(Transfer): step 'decide-again' is a pivot, and so is 'decide'. | Let"
                                + " one step decide the saga."),
                broken(
                        Rejectable::new,
                        "SAGA-008 Rejectable.reserve(Transfer): retriable step 'reserve' can be rejected: its contract"
                                + " is ReserveFundsReply, which can be FundsReserved, InsufficientFunds. | Let the"
                                + " contract be a Success, or ask what may be refused in a step before the pivot."),
                broken(
                        RejectableOpen::new,
                        "SAGA-008 RejectableOpen.ask(Transfer): retriable step 'ask' can be rejected: its contract is"
                                + " OpenReply, which is not sealed. | Let the contract be a Success, or ask what may be"
                                + " refused in a step before the pivot."),
                broken(
                        RejectableLocal::new,
                        "SAGA-008 RejectableLocal.look(Transfer): retriable step 'look' can be rejected: its contract is"
                                + " ReserveFundsReply, which can be FundsReserved, InsufficientFunds. | Let the"
                                + " contract be a Success, or ask what may be refused in a step before the pivot."),
                broken(
                        DataDiffers::new,
                        "SAGA-009 DataDiffers.done(Other): it takes Other, while 2 method(s) of the saga take Transfer. |"
                                + " Let every method of the saga take the same data type."),
                broken(
                        BadSaga::new,
                        "SAGA-010 BadSaga: 'soon' is not a duration longer than zero. | Write 500ms, 30s, 10m, 2h, 1d or"
                                + " an ISO-8601 duration such as PT10M.",
                        "SAGA-010 BadSaga: 'Money_Transfer' is not a saga's name. | Use 1 to 100 lower case letters,"
                                + " digits and hyphens.",
                        "SAGA-010 BadSaga: version 0 is less than 1. | Number versions 1, 2, 3 and so on.",
                        "SAGA-010 BadSaga: the saga has no step. | Add a method with @SagaStep(order = 1, name = ...)."),
                broken(
                        BadNames::new,
                        "SAGA-010 BadNames.pay(Transfer): 'Pay' is not a step's name. | Use 1 to 100 lower case letters,"
                                + " digits and hyphens.",
                        "SAGA-010 BadNames.send(Transfer): 'Bank A' is not a participant's name. | Use 1 to 100 lower"
                                + " case letters, digits and hyphens."),
                broken(
                        NotInContract::new,
                        "SAGA-012 NotInContract.closed(Transfer, AccountClosed): AccountClosed is never a reply to step"
                                + " 'ask'. | Its contract is ReserveFundsReply, which can be FundsReserved,"
                                + " InsufficientFunds."),
                broken(
                        NoReply::new,
                        "SAGA-012 NoReply.closed(Transfer, AccountClosed): the local step 'local' gives no reply. | Let"
                                + " the step's method return the new data itself, or a Reply."),
                broken(
                        Vague::new,
                        "SAGA-010 Vague.ask(Transfer): its reply ForgottenNo is neither a Success nor a Rejection. | Let it"
                                + " implement Rejection if the answer is no, else Success.",
                        "SAGA-010 Vague.ask(Transfer): its reply YesAndNo is both a Success and a Rejection. | Let it"
                                + " implement Rejection if the answer is no, else Success."),
                broken(
                        ConcreteBase::new,
                        "SAGA-010 ConcreteBase.ask(Transfer): its reply Base is neither a Success nor a Rejection. | Let it"
                                + " implement Rejection if the answer is no, else Success, or make it abstract if only its"
                                + " subclasses are answers."),
                broken(
                        TwiceTaken::new,
                        "SAGA-012 TwiceTaken.second(Transfer, InsufficientFunds): a reply to step 'ask' can be for this"
                                + " handler and for TwiceTaken.first(Transfer, InsufficientFunds), and no order is"
                                + " defined. | Take the reply in one place, or let one type include the other: the"
                                + " general one runs first."),
                broken(
                        Overlapping::new,
                        "SAGA-012 Overlapping.slow(Transfer, Slow): a reply to step 'ask' can be for this handler and for"
                                + " Overlapping.costly(Transfer, Costly), and no order is defined. | Take the reply in"
                                + " one place, or let one type include the other: the general one runs first."),
                broken(
                        Twins::new,
                        "SAGA-012 Twins.ask(Transfer): two replies of step 'ask' have the logical type 'twin': "
                                + OneTwin.class.getName() + " and " + OtherTwin.class.getName()
                                + ". | Give one of them a @MessageType of its own."));
    }

    private static List<Problem> problemsOf(Object saga) {
        InvalidSagaException invalid =
                catchThrowableOfType(InvalidSagaException.class, () -> AnnotatedSagas.read(saga));
        assertThat(invalid)
                .as("problems of %s", saga.getClass().getSimpleName())
                .isNotNull();
        return invalid.problems();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenSagas")
    void a_broken_rule_is_reported_with_place_reason_and_hint(String name, Object saga, List<String> expected) {
        assertThat(problemsOf(saga))
                .extracting(problem -> "%s %s: %s | %s"
                        .formatted(problem.code().code(), problem.where(), problem.message(), problem.hint()))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void each_unusable_method_of_a_class_is_reported() {
        assertThat(problemsOf(new BadSignatures()))
                .allSatisfy(problem -> assertThat(problem.code()).isEqualTo(ProblemCode.BAD_SIGNATURE))
                .extracting(Problem::where)
                .containsExactlyInAnyOrder(
                        "BadSignatures.noParticipant(Transfer)",
                        "BadSignatures.text(Transfer)",
                        "BadSignatures.maybeData(Transfer)",
                        "BadSignatures.rawOptional(Transfer)",
                        "BadSignatures.noData()",
                        "BadSignatures.isStatic(Transfer)",
                        "BadSignatures.twoAddresses(Transfer)",
                        "BadSignatures.nothingToSend(Transfer)");
        assertThat(problemsOf(new BadHandlers()))
                .extracting(Problem::where)
                .containsExactlyInAnyOrder(
                        "BadHandlers.noReply(Transfer)",
                        "BadHandlers.notAReply(Transfer, String)",
                        "BadHandlers.notData(Transfer, FundsReserved)");
        assertThat(problemsOf(new BadHooks()))
                .extracting(Problem::where)
                .containsExactlyInAnyOrder("BadHooks.second(Transfer)", "BadHooks.returning(Transfer)");
        assertThat(problemsOf(new BadTimeouts()))
                .extracting(Problem::where)
                .containsExactlyInAnyOrder(
                        "BadTimeouts.zero(Transfer)", "BadTimeouts.less(Transfer)", "BadTimeouts.word(Transfer)");
    }

    @Test
    void a_wrong_return_type_is_told_with_those_that_would_do() {
        assertThat(problemsOf(new BadSignatures()))
                .extracting(problem -> problem.where() + ": " + problem.message() + " | " + problem.hint())
                .contains(
                        "BadSignatures.text(Transfer): it returns java.lang.String. | Return an AddressedCommand, a Command with a participant in the annotation, an Optional of either, a SubSaga with a saga in the annotation, a Signal to wait for, or for a local step void, the data or a Reply.");
        assertThat(problemsOf(new BadHandlers()))
                .extracting(problem -> problem.where() + ": " + problem.message() + " | " + problem.hint())
                .contains(
                        "BadHandlers.notData(Transfer, FundsReserved): it returns String, which is not the saga's data. | Take the data and a Reply type, and return the new data (or void).",
                        "BadHandlers.notAReply(Transfer, String): its second parameter is String, which is no Reply. | Take the data and a Reply type, and return the new data (or void).");
        assertThat(problemsOf(new BadHooks()))
                .extracting(problem -> problem.where() + ": " + problem.message() + " | " + problem.hint())
                .contains(
                        "BadHooks.returning(Transfer): a @OnCompensated method returns nothing. | Make it void: the data does not change any more.");
    }

    @Test
    void a_missing_participant_is_told_with_what_to_write_and_of_the_step_alone() {
        assertThat(problemsOf(new NobodyNamed()))
                .extracting(problem -> problem.where() + ": " + problem.message() + " | " + problem.hint())
                .containsExactly(
                        "NobodyNamed.ask(Transfer): it names no participant for its command. | Write participant = \"...\" in the annotation, or return an AddressedCommand, made by Commands.to.");
    }

    @Test
    void a_compensation_whose_step_is_misspelt_is_not_told_to_name_a_participant_too() {
        assertThat(problemsOf(new MisspeltUndo()))
                .extracting(Problem::code)
                .containsExactlyInAnyOrder(ProblemCode.UNKNOWN_STEP, ProblemCode.MISSING_COMPENSATION);
    }

    @Test
    void a_class_that_breaks_many_rules_is_told_all_of_them_at_once() {
        InvalidSagaException invalid =
                catchThrowableOfType(InvalidSagaException.class, () -> AnnotatedSagas.read(new EverythingWrong()));

        assertThat(invalid.problems())
                .extracting(problem -> problem.code().code())
                .contains(
                        "SAGA-002",
                        "SAGA-003",
                        "SAGA-004",
                        "SAGA-005",
                        "SAGA-006",
                        "SAGA-007",
                        "SAGA-008",
                        "SAGA-009",
                        "SAGA-010",
                        "SAGA-012");
        assertThat(invalid).hasMessageStartingWith(invalid.problems().size() + " problem(s) in saga definitions:");
        for (Problem problem : invalid.problems()) {
            assertThat(invalid)
                    .hasMessageContaining(problem.where())
                    .hasMessageContaining(problem.message())
                    .hasMessageContaining(problem.hint());
        }
    }

    @Test
    void an_open_contract_lets_a_handler_take_any_rejection() {
        SagaDefinition saga = SagaDefinition.named("open")
                .data(Transfer.class)
                .pivot("ask", "bank-a", AskOpenly.class, t -> new AskOpenly(t.id()))
                .onReply(Rejection.class, (t, reply) -> t.refused("rejected"))
                .build();

        assertThat(saga.steps().get(0).replyHandlers()).hasSize(1);
    }

    @Test
    void the_codes_are_stable() {
        assertThat(Arrays.stream(ProblemCode.values()).map(ProblemCode::code))
                .containsExactly(
                        "SAGA-001",
                        "SAGA-002",
                        "SAGA-003",
                        "SAGA-004",
                        "SAGA-005",
                        "SAGA-006",
                        "SAGA-007",
                        "SAGA-008",
                        "SAGA-009",
                        "SAGA-010",
                        "SAGA-011",
                        "SAGA-012",
                        "SAGA-013",
                        "SAGA-014",
                        "SAGA-015",
                        "SAGA-016");
        assertThat(ProblemCode.values())
                .allSatisfy(code -> assertThat(code.meaning()).isNotBlank().doesNotContain("\n"));
    }
}
