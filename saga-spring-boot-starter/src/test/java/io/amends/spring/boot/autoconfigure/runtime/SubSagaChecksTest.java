package io.amends.spring.boot.autoconfigure.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.saga.SagaKey;
import io.amends.saga.SubSaga;
import io.amends.saga.definition.Problem;
import io.amends.saga.definition.ProblemCode;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import io.amends.saga.definition.SagaStages.Named;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SubSagaChecksTest {

    private record Order(String id) {}

    private record Shipment(String orderId) {}

    private record Recall(String orderId) {}

    private static final SagaDefinition ORDER = SagaDefinition.named("order")
            .data(Order.class)
            .subSaga("ship", "shipping", Shipment.class, each -> SubSaga.of(new Shipment(each.id()), key(each)))
            .undoneBy("recall", Recall.class, each -> SubSaga.of(new Recall(each.id()), key(each)))
            .build();

    @Test
    void a_child_that_lives_elsewhere_is_not_looked_at() {
        assertThat(check(Set.of(), ORDER)).isEmpty();
    }

    @Test
    void a_child_and_what_undoes_it_fit() {
        assertThat(check(
                        Set.of("bank"),
                        ORDER,
                        saga(SagaDefinition.named("shipping").asSubSaga(), Shipment.class),
                        saga(SagaDefinition.named("recall").asSubSaga(), Recall.class)))
                .isEmpty();
    }

    @Test
    void a_saga_that_steps_may_not_start_is_refused() {
        assertThat(check(
                        Set.of(),
                        ORDER,
                        saga(SagaDefinition.named("shipping"), Shipment.class),
                        saga(SagaDefinition.named("recall").asSubSaga(), Recall.class)))
                .singleElement()
                .asString()
                .contains("order v1, ship")
                .contains("'shipping', which steps may not start")
                .contains("subSaga = true");
    }

    @Test
    void data_that_does_not_fit_is_refused() {
        assertThat(check(
                        Set.of(),
                        ORDER,
                        saga(SagaDefinition.named("shipping").asSubSaga(), Shipment.class),
                        saga(SagaDefinition.named("recall").asSubSaga(), Order.class)))
                .singleElement()
                .asString()
                .contains("order v1, compensation of ship")
                .contains("'recall' with a Recall")
                .contains("SubSaga<Order>");
    }

    @Test
    void what_undoes_a_child_of_this_application_must_be_here_too() {
        assertThat(check(Set.of(), ORDER, saga(SagaDefinition.named("shipping").asSubSaga(), Shipment.class)))
                .singleElement()
                .asString()
                .contains("'recall', which this application does not have")
                .contains("order, shipping");
    }

    @Test
    void a_sub_saga_and_a_participant_of_one_name_are_refused() {
        assertThat(check(
                        Set.of("shipping"),
                        saga(SagaDefinition.named("shipping").asSubSaga(), Shipment.class)))
                .singleElement()
                .asString()
                .contains("saga.shipping.commands");
        assertThat(check(Set.of("shipping"), saga(SagaDefinition.named("shipping"), Shipment.class)))
                .isEmpty();
    }

    private static List<Problem> check(Set<String> participants, SagaDefinition... sagas) {
        List<Problem> problems = SubSagaChecks.check(SagaRegistry.of(List.of(sagas), Map.of()), participants);
        assertThat(problems).extracting(Problem::code).allMatch(ProblemCode.SUB_SAGA::equals);
        return problems;
    }

    private static <D> SagaDefinition saga(Named named, Class<D> data) {
        return named.data(data).retriableLocalStep("note", each -> each).build();
    }

    private static SagaKey key(Order order) {
        return SagaKey.of(order.id());
    }
}
