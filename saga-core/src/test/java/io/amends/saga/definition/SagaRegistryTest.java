package io.amends.saga.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.definition.Transfers.MoneyTransferSaga;
import io.amends.saga.definition.Transfers.Transfer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SagaRegistryTest {

    @Saga(name = "money-transfer", version = 10)
    static class Newer {

        @SagaStep(order = 1, name = "only", kind = StepKind.RETRIABLE)
        void only(Transfer transfer) {}
    }

    @Saga(name = "money-transfer", version = 2)
    static class Rival extends Newer {}

    @Saga(name = "audit")
    static class Audit extends Newer {}

    private static final SagaDefinition TRANSFER = AnnotatedSagas.read(new MoneyTransferSaga());

    private final SagaRegistry registry = SagaRegistry.of(
            List.of(AnnotatedSagas.read(new Audit())),
            Map.of(Newer.class, AnnotatedSagas.read(new Newer()), MoneyTransferSaga.class, TRANSFER));

    @Test
    void a_definition_is_found_by_name_and_version() {
        assertThat(registry.find("money-transfer", 2))
                .map(SagaDefinition::steps)
                .hasValueSatisfying(steps -> assertThat(steps).hasSize(3));
        assertThat(registry.find("money-transfer", 3)).isEmpty();
        assertThat(registry.find("money-transfers", 2)).isEmpty();
    }

    @Test
    void the_newest_has_the_highest_version() {
        assertThat(registry.newest("money-transfer"))
                .map(SagaDefinition::version)
                .contains(10);
        assertThat(registry.newest("nothing")).isEmpty();
    }

    @Test
    void an_annotated_class_finds_its_own_version() {
        assertThat(registry.ofClass(MoneyTransferSaga.class))
                .map(SagaDefinition::version)
                .contains(2);
        assertThat(registry.ofClass(new MoneyTransferSaga() {}.getClass()))
                .map(SagaDefinition::version)
                .contains(2);
        assertThat(registry.ofClass(String.class)).isEmpty();
    }

    @Test
    void names_and_definitions_are_sorted() {
        assertThat(registry.names()).containsExactly("audit", "money-transfer");
        assertThat(registry.all())
                .extracting(saga -> saga.name() + " " + saga.version())
                .containsExactly("audit 1", "money-transfer 2", "money-transfer 10");
    }

    @Test
    void one_name_and_version_twice_is_refused_with_both_sources() {
        Map<Class<?>, SagaDefinition> declared = Map.of(Rival.class, AnnotatedSagas.read(new Rival()));
        InvalidSagaException invalid =
                catchThrowableOfType(InvalidSagaException.class, () -> SagaRegistry.of(List.of(TRANSFER), declared));

        assertThat(invalid.problems())
                .containsExactly(new Problem(
                        ProblemCode.DUPLICATE_VERSION,
                        Rival.class.getName() + " and a builder",
                        "both declare money-transfer version 2.",
                        "Give one of them another name, or the next version."));
    }
}
