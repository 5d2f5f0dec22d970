package io.amends.saga.definition;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.saga.AddressedCommand;
import io.amends.saga.Commands;
import io.amends.saga.Compensation;
import io.amends.saga.OnReply;
import io.amends.saga.Reply;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.definition.Transfers.FundsCaptured;
import io.amends.saga.definition.Transfers.InsufficientFunds;
import io.amends.saga.definition.Transfers.MoneyTransferSaga;
import io.amends.saga.definition.Transfers.ReleaseFunds;
import io.amends.saga.definition.Transfers.ReserveFunds;
import io.amends.saga.definition.Transfers.ReserveFundsReply;
import io.amends.saga.definition.Transfers.Transfer;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnnotatedSagasTest {

    private static final Transfer TRANSFER = new Transfer("t-1", "bank-a", "bank-b", "new");

    private static StepAction.Remote remote(SagaDefinition saga, String step) {
        return (StepAction.Remote) saga.step(step).orElseThrow().action();
    }

    private static StepAction.Local local(SagaDefinition saga, String step) {
        return (StepAction.Local) saga.step(step).orElseThrow().action();
    }

    @Test
    void the_annotations_of_a_class_give_its_definition() {
        SagaDefinition saga = AnnotatedSagas.read(new MoneyTransferSaga());

        assertThat(saga.name()).isEqualTo("money-transfer");
        assertThat(saga.version()).isEqualTo(2);
        assertThat(saga.deadline()).isEqualTo(Duration.ofMinutes(10));
        assertThat(saga.dataType()).isEqualTo(Transfer.class);
        assertThat(saga.steps())
                .extracting(StepDefinition::name)
                .containsExactly("reserve-funds", "credit-destination", "capture-funds");
        assertThat(saga.steps())
                .extracting(StepDefinition::kind)
                .containsExactly(StepKind.COMPENSATABLE, StepKind.PIVOT, StepKind.RETRIABLE);

        StepDefinition reserve = saga.step("reserve-funds").orElseThrow();
        assertThat(reserve.timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(remote(saga, "reserve-funds").commandType()).isEqualTo(ReserveFunds.class);
        assertThat(remote(saga, "reserve-funds").command().apply(TRANSFER))
                .contains(Commands.to("bank-a", new ReserveFunds("t-1")));
        StepAction.Remote release = (StepAction.Remote) requireNonNull(reserve.compensation());
        assertThat(release.command().apply(TRANSFER)).contains(Commands.to("bank-a", new ReleaseFunds("t-1")));

        ReplyHandler refused = reserve.replyHandlers().get(0);
        assertThat(refused.replyType()).isEqualTo(InsufficientFunds.class);
        assertThat(refused.apply().apply(TRANSFER, new InsufficientFunds()))
                .isEqualTo(TRANSFER.refused("insufficient funds"));
    }

    @Test
    void hooks_run_on_the_bean() {
        MoneyTransferSaga bean = new MoneyTransferSaga();
        SagaDefinition saga = AnnotatedSagas.read(bean);

        requireNonNull(saga.hooks().onCompleted()).accept(TRANSFER);
        requireNonNull(saga.hooks().onCompensated()).accept(TRANSFER);

        assertThat(bean.done).containsExactly("completed t-1", "compensated t-1");
    }

    @Test
    void a_generated_subclass_is_read_as_the_class_that_has_the_annotation() {
        assertThat(AnnotatedSagas.read(new MoneyTransferSaga() {}).fingerprint())
                .isEqualTo(AnnotatedSagas.read(new MoneyTransferSaga()).fingerprint());
    }

    static final class Counter {
        int count;
    }

    @Saga(name = "every-kind-of-method")
    static class EveryKind {

        @SagaStep(order = 1, name = "bare", participant = "bank-a")
        ReserveFunds bare(Counter data) {
            return new ReserveFunds("bare");
        }

        @Compensation(of = "bare")
        ReleaseFunds undoBare(Counter data) {
            return new ReleaseFunds("bare");
        }

        @SagaStep(order = 2, name = "elsewhere", participant = "bank-a")
        ReserveFunds elsewhere(Counter data) {
            return new ReserveFunds("elsewhere");
        }

        @Compensation(of = "elsewhere", participant = "bank-b")
        ReleaseFunds undoElsewhere(Counter data) {
            return new ReleaseFunds("elsewhere");
        }

        @SagaStep(order = 3, name = "maybe-addressed", kind = StepKind.PIVOT)
        Optional<AddressedCommand<ReserveFunds>> maybeAddressed(Counter data) {
            return data.count == 0 ? Optional.empty() : Optional.of(Commands.to("bank-c", new ReserveFunds("maybe")));
        }

        @SagaStep(order = 4, name = "maybe-bare", kind = StepKind.RETRIABLE, participant = "bank-d")
        Optional<Transfers.CaptureFunds> maybeBare(Counter data) {
            return data.count == 0 ? Optional.empty() : Optional.of(new Transfers.CaptureFunds("maybe"));
        }

        @SagaStep(order = 5, name = "in-place", kind = StepKind.RETRIABLE)
        void inPlace(Counter data) {
            data.count++;
        }

        @SagaStep(order = 6, name = "new-data", kind = StepKind.RETRIABLE)
        Counter newData(Counter data) {
            Counter next = new Counter();
            next.count = data.count + 10;
            return next;
        }

        @SagaStep(order = 7, name = "answers", kind = StepKind.RETRIABLE)
        FundsCaptured answers(Counter data) {
            return new FundsCaptured();
        }

        @OnReply(to = "answers")
        void answered(Counter data, FundsCaptured reply) {
            data.count = -1;
        }

        @SuppressWarnings("rawtypes")
        @SagaStep(order = 8, name = "raw", kind = StepKind.RETRIABLE)
        AddressedCommand raw(Counter data) {
            return Commands.to("bank-e", new ReserveFunds("raw"));
        }
    }

    @Test
    void a_bare_command_goes_to_the_participant_of_the_annotation() {
        SagaDefinition saga = AnnotatedSagas.read(new EveryKind());

        assertThat(remote(saga, "bare").participant()).isEqualTo("bank-a");
        assertThat(remote(saga, "bare").command().apply(new Counter()))
                .contains(Commands.to("bank-a", new ReserveFunds("bare")));
    }

    @Test
    void a_bare_compensation_goes_to_its_own_participant_else_to_the_one_of_the_step() {
        SagaDefinition saga = AnnotatedSagas.read(new EveryKind());

        assertThat(((StepAction.Remote)
                                requireNonNull(saga.step("bare").orElseThrow().compensation()))
                        .participant())
                .isEqualTo("bank-a");
        assertThat(((StepAction.Remote) requireNonNull(
                                saga.step("elsewhere").orElseThrow().compensation()))
                        .participant())
                .isEqualTo("bank-b");
    }

    @Test
    void an_empty_optional_skips_the_step() {
        SagaDefinition saga = AnnotatedSagas.read(new EveryKind());
        Counter one = new Counter();
        one.count = 1;

        assertThat(remote(saga, "maybe-addressed").command().apply(new Counter()))
                .isEmpty();
        assertThat(remote(saga, "maybe-addressed").command().apply(one))
                .contains(Commands.to("bank-c", new ReserveFunds("maybe")));
        assertThat(remote(saga, "maybe-addressed").commandType()).isEqualTo(ReserveFunds.class);
        assertThat(remote(saga, "maybe-bare").command().apply(new Counter())).isEmpty();
        assertThat(remote(saga, "maybe-bare").command().apply(one))
                .contains(Commands.to("bank-d", new Transfers.CaptureFunds("maybe")));
    }

    @Test
    void local_steps_yield_the_data_and_their_reply() {
        SagaDefinition saga = AnnotatedSagas.read(new EveryKind());
        Counter data = new Counter();

        assertThat(local(saga, "in-place").run().apply(data)).isEqualTo(new LocalResult(data, null));
        assertThat(data.count).isEqualTo(1);
        assertThat(((Counter) local(saga, "new-data").run().apply(data).data()).count)
                .isEqualTo(11);
        assertThat(local(saga, "answers").run().apply(data)).isEqualTo(new LocalResult(data, new FundsCaptured()));
    }

    @Test
    void a_void_reply_handler_keeps_the_data_that_it_changed() {
        SagaDefinition saga = AnnotatedSagas.read(new EveryKind());
        Counter data = new Counter();

        Object after = saga.step("answers")
                .orElseThrow()
                .replyHandlers()
                .get(0)
                .apply()
                .apply(data, new FundsCaptured());

        assertThat(after).isSameAs(data);
        assertThat(data.count).isEqualTo(-1);
    }

    @Test
    void a_raw_return_type_leaves_the_command_type_open() {
        StepAction.Remote raw = remote(AnnotatedSagas.read(new EveryKind()), "raw");

        assertThat(raw.commandType()).isNull();
        assertThat(raw.command().apply(new Counter())).contains(Commands.to("bank-e", new ReserveFunds("raw")));
    }

    abstract static class AnySaga<D> {

        @SagaStep(order = 2, name = "inherited", kind = StepKind.RETRIABLE)
        void inherited(D data) {}
    }

    @Saga(name = "heir")
    static class Heir extends AnySaga<Transfer> {

        @SagaStep(order = 1, name = "own", kind = StepKind.RETRIABLE)
        void own(Transfer data) {}
    }

    @Test
    void steps_are_inherited_with_their_type_variables_resolved() {
        SagaDefinition saga = AnnotatedSagas.read(new Heir());

        assertThat(saga.steps()).extracting(StepDefinition::name).containsExactly("own", "inherited");
        assertThat(saga.dataType()).isEqualTo(Transfer.class);
    }

    @Saga(name = "ordered")
    static class Ordered {

        @SagaStep(order = 1, name = "zebra", kind = StepKind.RETRIABLE)
        void aaa(Transfer data) {}

        @SagaStep(order = 1, name = "ape", kind = StepKind.RETRIABLE)
        void zzz(Transfer data) {}

        @SagaStep(order = 0, name = "mouse", participant = "bank-a", kind = StepKind.PIVOT)
        ReserveFunds mmm(Transfer data) {
            return new ReserveFunds(data.id());
        }

        @OnReply(to = "mouse")
        Transfer all(Transfer data, Reply reply) {
            return data.refused("general");
        }

        @OnReply(to = "mouse")
        Transfer specific(Transfer data, InsufficientFunds reply) {
            return data.refused("specific");
        }

        @OnReply(to = "mouse")
        Transfer between(Transfer data, ReserveFundsReply reply) {
            return data.refused("between");
        }
    }

    @Test
    void parallel_steps_stand_in_the_order_of_their_names() {
        assertThat(AnnotatedSagas.read(new Ordered()).steps())
                .extracting(StepDefinition::name)
                .containsExactly("mouse", "ape", "zebra");
    }

    @Test
    void general_reply_handlers_run_before_specific_ones() {
        assertThat(AnnotatedSagas.read(new Ordered()).steps().get(0).replyHandlers())
                .<Class<?>>extracting(ReplyHandler::replyType)
                .containsExactly(Reply.class, ReserveFundsReply.class, InsufficientFunds.class);
    }

    @Saga(name = "mixed-addresses")
    static class MixedAddresses {

        @SagaStep(order = 1, name = "pay", participant = "bank-a")
        ReserveFunds pay(Transfer data) {
            return new ReserveFunds(data.id());
        }

        @Compensation(of = "pay")
        AddressedCommand<? extends ReleaseFunds> repay(Transfer data) {
            return Commands.to(data.toBank(), new ReleaseFunds(data.id()));
        }
    }

    @Test
    void an_addressed_compensation_does_not_inherit_the_participant_of_its_step() {
        StepAction.Remote repay = (StepAction.Remote) requireNonNull(AnnotatedSagas.read(new MixedAddresses())
                .step("pay")
                .orElseThrow()
                .compensation());

        assertThat(repay.participant()).isNull();
        assertThat(repay.commandType()).isEqualTo(ReleaseFunds.class);
        assertThat(repay.command().apply(TRANSFER)).contains(Commands.to("bank-b", new ReleaseFunds("t-1")));
    }

    @Test
    void a_bean_of_another_class_is_refused() {
        assertThatThrownBy(() -> AnnotatedSagas.read(MoneyTransferSaga.class, "a proxy"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no instance of the saga class " + MoneyTransferSaga.class.getName());
    }
}
