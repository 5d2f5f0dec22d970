package io.amends.saga.definition;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.saga.AddressedCommand;
import io.amends.saga.Command;
import io.amends.saga.Compensation;
import io.amends.saga.OnReply;
import io.amends.saga.Saga;
import io.amends.saga.SagaKey;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.SubSaga;
import io.amends.saga.SubSagaCommand;
import io.amends.saga.SubSagaCompensated;
import io.amends.saga.Success;
import io.amends.saga.diagram.SagaDiagram;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SubSagaDefinitionTest {

    record Order(String id, boolean toShip) {}

    record Shipment(String orderId) {}

    record Recall(String orderId) {}

    record Note(String text) implements Command<Noted> {}

    record Noted() implements Success {}

    @Saga(name = "order")
    static class OrderSaga {
        @SagaStep(order = 1, name = "ship", saga = "shipping")
        SubSaga<Shipment> ship(Order order) {
            return SubSaga.of(new Shipment(order.id()), SagaKey.of(order.id()));
        }

        @OnReply(to = "ship")
        Order notShipped(Order order, SubSagaCompensated reply) {
            return order;
        }

        @Compensation(of = "ship", saga = "recall")
        SubSaga<Recall> takeBack(Order order) {
            return SubSaga.of(new Recall(order.id()), SagaKey.of("r-" + order.id()));
        }

        @SagaStep(order = 2, name = "insure", kind = StepKind.PIVOT, saga = "insurance")
        Optional<SubSaga<Shipment>> insure(Order order) {
            return order.toShip()
                    ? Optional.of(SubSaga.of(new Shipment(order.id()), SagaKey.of(order.id())))
                    : Optional.empty();
        }
    }

    @Saga(name = "shipping", subSaga = true)
    static class ShippingSaga {
        @SagaStep(order = 1, name = "pack", kind = StepKind.RETRIABLE)
        void pack(Shipment shipment) {}
    }

    @Saga(name = "wrong")
    static class WrongSaga {
        @SagaStep(order = 1, name = "unnamed")
        SubSaga<Shipment> unnamed(Order order) {
            return SubSaga.of(new Shipment(order.id()), SagaKey.of(order.id()));
        }

        @Compensation(of = "unnamed", saga = "recall")
        Optional<SubSaga<Recall>> maybe(Order order) {
            return Optional.empty();
        }

        @SagaStep(order = 2, name = "mixed", saga = "shipping")
        SubSaga<Shipment> mixed(Order order) {
            return SubSaga.of(new Shipment(order.id()), SagaKey.of(order.id()));
        }

        @Compensation(of = "mixed", participant = "clerk")
        Note byNote(Order order) {
            return new Note(order.id());
        }

        @SagaStep(order = 3, name = "plain", participant = "clerk")
        Note plain(Order order) {
            return new Note(order.id());
        }

        @Compensation(of = "plain", saga = "recall")
        SubSaga<Recall> bySaga(Order order) {
            return SubSaga.of(new Recall(order.id()), SagaKey.of(order.id()));
        }

        @SagaStep(order = 4, name = "no-saga", saga = "shipping")
        void startsNothing(Order order) {}

        @SagaStep(order = 5, name = "bad-name", kind = StepKind.PIVOT, saga = "Shipping")
        SubSaga<Shipment> badName(Order order) {
            return SubSaga.of(new Shipment(order.id()), SagaKey.of(order.id()));
        }

        @SagaStep(order = 6, name = "too-late", kind = StepKind.RETRIABLE, saga = "shipping")
        SubSaga<Shipment> tooLate(Order order) {
            return SubSaga.of(new Shipment(order.id()), SagaKey.of(order.id()));
        }
    }

    private static final Order ORDER = new Order("o1", true);

    private final SagaDefinition order = AnnotatedSagas.read(new OrderSaga());

    @Test
    void a_step_that_starts_a_saga_is_a_command_to_that_saga() {
        StepAction.Remote ship = remote(order.step("ship").orElseThrow().action());

        assertThat(ship.participant()).isEqualTo("shipping");
        assertThat(ship.starts()).isEqualTo(new StepAction.Child("shipping", Shipment.class));
        assertThat(ship.command().apply(ORDER))
                .contains(new AddressedCommand<>(
                        "shipping", new SubSagaCommand("shipping", SagaKey.of("o1"), new Shipment("o1"))));
    }

    @Test
    void its_compensation_goes_to_the_child_too_and_names_what_undoes_it() {
        StepAction.Remote undo =
                remote(requireNonNull(order.step("ship").orElseThrow().compensation()));

        assertThat(undo.participant()).isEqualTo("shipping");
        assertThat(undo.starts()).isEqualTo(new StepAction.Child("recall", Recall.class));
        assertThat(undo.command().apply(ORDER))
                .contains(new AddressedCommand<>(
                        "shipping", new SubSagaCommand("recall", SagaKey.of("r-o1"), new Recall("o1"))));
    }

    @Test
    void an_empty_optional_skips_the_step() {
        StepAction.Remote insure = remote(order.step("insure").orElseThrow().action());

        assertThat(insure.command().apply(ORDER)).isPresent();
        assertThat(insure.command().apply(new Order("o2", false))).isEmpty();
    }

    @Test
    void only_a_saga_that_says_so_may_be_started_by_steps() {
        assertThat(order.subSaga()).isFalse();
        assertThat(AnnotatedSagas.read(new ShippingSaga()).subSaga()).isTrue();
    }

    @Test
    void the_builder_makes_the_same_definition() {
        SagaDefinition built = SagaDefinition.named("order")
                .data(Order.class)
                .subSaga(
                        "ship",
                        "shipping",
                        Shipment.class,
                        each -> SubSaga.of(new Shipment(each.id()), SagaKey.of(each.id())))
                .undoneBy(
                        "recall", Recall.class, each -> SubSaga.of(new Recall(each.id()), SagaKey.of("r-" + each.id())))
                .onReply(SubSagaCompensated.class, (each, reply) -> each)
                .pivotSubSaga(
                        "insure",
                        "insurance",
                        Shipment.class,
                        each -> SubSaga.of(new Shipment(each.id()), SagaKey.of(each.id())))
                .onlyIf(Order::toShip)
                .build();

        assertThat(built.fingerprint()).isEqualTo(order.fingerprint());
        StepAction.Remote insure = remote(built.step("insure").orElseThrow().action());
        assertThat(insure.starts()).isEqualTo(new StepAction.Child("insurance", Shipment.class));
        assertThat(insure.command().apply(ORDER)).isPresent();
        assertThat(insure.command().apply(new Order("o2", false))).isEmpty();
        StepAction.Remote undo =
                remote(requireNonNull(built.step("ship").orElseThrow().compensation()));
        assertThat(undo.command().apply(ORDER))
                .isEqualTo(
                        remote(requireNonNull(order.step("ship").orElseThrow().compensation()))
                                .command()
                                .apply(ORDER));
        assertThat(SagaDefinition.named("child")
                        .asSubSaga()
                        .data(Order.class)
                        .retriableLocalStep("note", each -> each)
                        .build()
                        .subSaga())
                .isTrue();
    }

    @Test
    void what_is_started_and_what_undoes_it_are_part_of_the_fingerprint() {
        assertThat(Fingerprint.text(order))
                .contains("sub-saga to shipping starts shipping")
                .contains("sub-saga to shipping starts recall");
    }

    @Test
    void a_diagram_shows_what_is_started() {
        assertThat(SagaDiagram.mermaid(order)).contains("starts shipping").contains("starts recall");
    }

    @Test
    void everything_that_is_wrong_with_such_steps_is_told() {
        assertThatThrownBy(() -> AnnotatedSagas.read(new WrongSaga()))
                .isInstanceOf(InvalidSagaException.class)
                .hasMessageContaining("WrongSaga.unnamed(Order)")
                .hasMessageContaining("WrongSaga.maybe(Order)")
                .hasMessageContaining("the compensation of a child may be left out")
                .hasMessageContaining("step 'mixed' starts a saga, and its compensation does not")
                .hasMessageContaining("the compensation of step 'plain' starts a saga, and the step does not")
                .hasMessageContaining("WrongSaga.startsNothing(Order)")
                .hasMessageContaining("'Shipping' is not a saga's name")
                .hasMessageContaining("retriable step 'too-late' can be rejected");
    }

    private static StepAction.Remote remote(StepAction action) {
        return (StepAction.Remote) action;
    }
}
