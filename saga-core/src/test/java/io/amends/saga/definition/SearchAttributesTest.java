package io.amends.saga.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.amends.saga.Command;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.SearchAttribute;
import io.amends.saga.StepKind;
import io.amends.saga.Success;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** By what instances are found, as the saga's class or the builder declares it. */
class SearchAttributesTest {

    enum Tier {
        GOLD {
            @Override
            public String toString() {
                return "shiny";
            }
        }
    }

    record Purchase(
            @Nullable String customer, BigDecimal total, UUID device, Tier tier, Optional<String> coupon, int items) {}

    record Pay(String what) implements Command<Paid> {}

    record Paid() implements Success {}

    private static final UUID DEVICE = UUID.fromString("4c8a7e0e-0000-4000-8000-000000000001");

    static class Payment {

        @SagaStep(order = 1, name = "pay", kind = StepKind.PIVOT, participant = "bank")
        Pay pay(Purchase purchase) {
            return new Pay("it");
        }
    }

    @Saga(name = "purchase")
    static class PurchaseSaga extends Payment {

        @SearchAttribute("customer")
        @Nullable
        String customer(Purchase purchase) {
            return purchase.customer();
        }

        @SearchAttribute("total")
        BigDecimal total(Purchase purchase) {
            return purchase.total();
        }

        @SearchAttribute("device")
        UUID device(Purchase purchase) {
            return purchase.device();
        }

        @SearchAttribute("tier")
        Tier tier(Purchase purchase) {
            return purchase.tier();
        }

        @SearchAttribute("coupon")
        Optional<String> coupon(Purchase purchase) {
            return purchase.coupon();
        }

        @SearchAttribute("items")
        int items(Purchase purchase) {
            return purchase.items();
        }
    }

    @Saga(name = "purchase")
    static class WrongSaga extends Payment {

        @SearchAttribute("Customer Name")
        @Nullable
        String badName(Purchase purchase) {
            return purchase.customer();
        }

        @SearchAttribute("twice")
        UUID one(Purchase purchase) {
            return purchase.device();
        }

        @SearchAttribute("twice")
        UUID other(Purchase purchase) {
            return purchase.device();
        }

        @SearchAttribute("all")
        List<String> all(Purchase purchase) {
            return List.of();
        }

        @SearchAttribute("nothing")
        void nothing(Purchase purchase) {}

        @SearchAttribute("too-much")
        String tooMuch(Purchase purchase, String more) {
            return more;
        }

        @SearchAttribute("foreign")
        String foreign(String data) {
            return data;
        }
    }

    private static Map<String, String> values(SagaDefinition definition, Object data) {
        Map<String, String> values = new TreeMap<>();
        definition
                .attributes()
                .forEach(attribute ->
                        attribute.value().apply(data).ifPresent(text -> values.put(attribute.name(), text)));
        return values;
    }

    @Test
    void strings_numbers_ids_and_constants_are_taken_as_text_and_nothing_is_left_out() {
        SagaDefinition saga = AnnotatedSagas.read(new PurchaseSaga());

        assertThat(values(
                        saga, new Purchase("ann", new BigDecimal("1200.50"), DEVICE, Tier.GOLD, Optional.of("MAY"), 3)))
                .containsExactly(
                        Map.entry("coupon", "MAY"),
                        Map.entry("customer", "ann"),
                        Map.entry("device", DEVICE.toString()),
                        Map.entry("items", "3"),
                        Map.entry("tier", "GOLD"),
                        Map.entry("total", "1200.5"));
        assertThat(values(saga, new Purchase(null, BigDecimal.ONE, DEVICE, Tier.GOLD, Optional.empty(), 0)))
                .doesNotContainKeys("customer", "coupon");
    }

    @Test
    void the_builder_declares_them_too_at_any_place() {
        SagaDefinition saga = SagaDefinition.named("purchase")
                .data(Purchase.class)
                .searchAttribute("customer", Purchase::customer)
                .pivot("pay", "bank", Pay.class, purchase -> new Pay("it"))
                .searchAttribute("items", Purchase::items)
                .build();

        assertThat(values(saga, new Purchase("ann", BigDecimal.ONE, DEVICE, Tier.GOLD, Optional.empty(), 3)))
                .containsExactly(Map.entry("customer", "ann"), Map.entry("items", "3"));
    }

    @Test
    void every_wrong_one_is_told_at_the_start() {
        InvalidSagaException invalid =
                catchThrowableOfType(InvalidSagaException.class, () -> AnnotatedSagas.read(new WrongSaga()));

        assertThat(invalid.problems())
                .extracting(problem -> problem.code().code() + " " + problem.where() + " " + problem.message())
                .containsExactlyInAnyOrder(
                        "SAGA-010 WrongSaga.badName(Purchase) 'Customer Name' is not a search attribute's name.",
                        "SAGA-010 WrongSaga.other(Purchase) search attribute 'twice' is also declared by WrongSaga.one(Purchase).",
                        "SAGA-010 WrongSaga.all(Purchase) it returns java.util.List<java.lang.String>.",
                        "SAGA-010 WrongSaga.nothing(Purchase) it returns void.",
                        "SAGA-010 WrongSaga.tooMuch(Purchase, String) a @SearchAttribute method is neither static nor private and takes one parameter, the data.",
                        "SAGA-009 WrongSaga.foreign(String) it takes String, while 6 method(s) of the saga take Purchase.");
    }

    @Test
    void more_than_ten_are_refused() {
        SagaStages.AfterPivot<Purchase> stage = SagaDefinition.named("purchase")
                .data(Purchase.class)
                .pivot("pay", "bank", Pay.class, purchase -> new Pay("it"));
        for (int i = 0; i < 10; i++) {
            stage.searchAttribute("a" + i, Purchase::items);
        }
        assertThat(stage.build().attributes()).hasSize(10);

        stage.searchAttribute("a10", Purchase::items);

        assertThatThrownBy(stage::build)
                .isInstanceOf(InvalidSagaException.class)
                .hasMessageContaining("it has 11 search attributes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"with\0zero", "half a \ud83d"})
    void what_a_database_can_not_store_is_not_text(String text) {
        assertThatThrownBy(() -> AttributeDefinition.text(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("it has a character that PostgreSQL can't store");
    }

    @Test
    void a_value_is_bounded_and_not_told_in_the_error() {
        String longest = "x".repeat(200);
        assertThat(AttributeDefinition.text(longest)).contains(longest);
        assertThatThrownBy(() -> AttributeDefinition.text(longest + "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("its 201 characters are more than the 200 that are indexed");
        assertThatThrownBy(() -> AttributeDefinition.text(List.of("x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("can't be indexed")
                .hasMessageNotContaining("[x]");
    }
}
