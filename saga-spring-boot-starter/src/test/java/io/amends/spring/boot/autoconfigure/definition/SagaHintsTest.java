package io.amends.spring.boot.autoconfigure.definition;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;

class SagaHintsTest {

    record Basket(String id, List<Line> lines, Basket next) {}

    record Line(Means means, Range<Integer> delivery) {}

    record Range<T extends Comparable<T>>(T from, T to) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    sealed interface Means {}

    record Card(String number) implements Means {}

    record Voucher(Issuer issuer) implements Means {}

    record Issuer(String name) {}

    @Saga(name = "basket")
    static class BasketSaga {
        @SagaStep(order = 1, name = "count", kind = StepKind.RETRIABLE)
        void count(Basket basket) {}
    }

    @ParameterizedTest
    @ValueSource(
            classes = {Basket.class, Line.class, Range.class, Means.class, Card.class, Voucher.class, Issuer.class})
    void what_data_is_made_of_is_kept_with_all_that_a_sealed_part_can_be(Class<?> part) {
        RuntimeHints hints = new RuntimeHints();
        SagaHints.add(BasketSaga.class, hints.reflection());

        assertThat(RuntimeHintsPredicates.reflection()
                        .onType(part)
                        .withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS))
                .accepts(hints);
    }
}
