package io.amends.runtime.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.annotation.JsonDeserialize;

class JacksonPayloadCodecTest {

    private final JacksonPayloadCodec codec = new JacksonPayloadCodec();

    record Line(String article, BigDecimal price) {}

    record Order(
            UUID id, Instant placed, List<Line> lines, Map<String, Line> byName, Optional<Line> gift, Order next) {}

    record Empty() {}

    interface Shape {}

    record Drawing(String name, List<Shape> shapes) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes(@JsonSubTypes.Type(value = Cat.class, name = "cat"))
    interface Pet {}

    record Cat(int lives) implements Pet {}

    record Household(Pet pet) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    sealed interface Payment {}

    @JsonTypeName("card")
    record ByCard(String token) implements Payment {}

    @JsonTypeName("invoice")
    record ByInvoice(int days, Line line) implements Payment {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
    sealed interface Address {}

    record PostBox(int box) implements Address {}

    record House(String street) implements Address {}

    record Letter(Address to, List<Address> copies) {}

    record Basket(
            List<Payment> payments,
            @JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION) Payment last) {}

    /** The property says which class it is, its type does not. */
    record Garage(
            @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
            @JsonSubTypes(@JsonSubTypes.Type(value = Truck.class, name = "truck"))
            Vehicle vehicle,

            @JsonDeserialize(contentAs = Truck.class) List<Vehicle> others) {}

    interface Vehicle {}

    record Truck(int tons) implements Vehicle {}

    sealed interface Silent {}

    record Said(String word) implements Silent {}

    abstract static class Unfinished {
        public int amount;
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    interface Open {}

    record Opened(String by) implements Open {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
    record Named(String by) {}

    record NamedInside(
            @JsonTypeInfo(use = JsonTypeInfo.Id.MINIMAL_CLASS)
            Silent silent) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    sealed interface Result {}

    record Good() implements Result {}

    record Bad(Mute mute) implements Result {}

    static class Mute {
        @SuppressWarnings("unused")
        private int amount;
    }

    static class Stubborn {
        private final int amount;

        Stubborn(int amount, String because) {
            this.amount = amount + because.length();
        }

        public int getAmount() {
            return amount;
        }
    }

    record Holder(Stubborn stubborn) {}

    @Test
    void what_is_written_is_read_back() {
        Line line = new Line("pen", new BigDecimal("1.50"));
        Order order = new Order(
                UUID.fromString("123e4567-e89b-12d3-a456-426614174000"),
                Instant.parse("2026-01-01T00:00:00.123456Z"),
                List.of(line),
                Map.of("pen", line),
                Optional.of(line),
                new Order(UUID.randomUUID(), Instant.EPOCH, List.of(), Map.of(), Optional.empty(), null));

        assertThat(codec.decode(codec.encode(order), Order.class)).isEqualTo(order);
    }

    @Test
    void equal_values_give_equal_bytes_whatever_the_order_of_a_map() {
        Map<String, Integer> one = new LinkedHashMap<>();
        one.put("a", 1);
        one.put("b", 2);
        Map<String, Integer> other = new LinkedHashMap<>();
        other.put("b", 2);
        other.put("a", 1);

        assertThat(codec.encode(one)).isEqualTo(codec.encode(other));
    }

    @Test
    void a_newer_sender_may_add_properties() {
        byte[] bytes = "{\"article\":\"pen\",\"price\":1.50,\"colour\":\"red\"}".getBytes(StandardCharsets.UTF_8);
        assertThat(codec.decode(bytes, Line.class)).isEqualTo(new Line("pen", new BigDecimal("1.50")));
    }

    record Priced(String article, int pieces, Boolean gift) {}

    @Test
    void what_an_older_sender_did_not_know_is_null_or_can_not_be_read() {
        assertThat(codec.decode("{\"article\":\"pen\",\"pieces\":2}".getBytes(StandardCharsets.UTF_8), Priced.class))
                .isEqualTo(new Priced("pen", 2, null));
        assertThatThrownBy(() -> codec.decode("{\"article\":\"pen\"}".getBytes(StandardCharsets.UTF_8), Priced.class))
                .isInstanceOf(PayloadException.class);
    }

    @Test
    void what_can_not_be_read_is_not_quoted() {
        byte[] bytes = "{\"article\":\"secret".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> codec.decode(bytes, Line.class))
                .isInstanceOf(PayloadException.class)
                .hasMessageContaining("18 bytes are not a Line in JSON")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> codec.decode("null".getBytes(StandardCharsets.UTF_8), Line.class))
                .isInstanceOf(PayloadException.class)
                .hasMessageContaining("JSON null");
    }

    @Test
    void types_that_can_be_written_and_read_have_no_problem() {
        assertThat(List.of(Order.class, Empty.class, Household.class, String.class, int[].class, Line[].class))
                .allSatisfy(type -> assertThat(codec.problemOf(type)).isEmpty());
    }

    static Stream<Object> severalClasses() {
        Line line = new Line("pen", new BigDecimal("1.50"));
        return Stream.of(
                new Household(new Cat(7)),
                new Letter(new PostBox(7), List.of(new House("High Street"))),
                new House("High Street"),
                new Basket(List.of(new ByCard("t"), new ByInvoice(30, line)), new ByCard("t")),
                new Garage(new Truck(7), List.of(new Truck(40))));
    }

    @ParameterizedTest
    @MethodSource("severalClasses")
    void what_says_in_json_which_class_it_is_passes_and_is_read_back(Object value) {
        assertThat(codec.problemOf(value.getClass())).isEmpty();
        assertThat(codec.decode(codec.encode(value), value.getClass())).isEqualTo(value);
    }

    @Test
    void an_interface_that_can_be_read_passes_as_a_whole_too() {
        assertThat(codec.problemOf(Payment.class)).isEmpty();
        assertThat(codec.decode(codec.encode(new ByCard("t")), Payment.class)).isEqualTo(new ByCard("t"));
    }

    static Stream<Arguments> notToBeRead() {
        return Stream.of(
                Arguments.of(
                        Shape.class,
                        "Shape is the abstract type Shape, and JSON does not say which class to make of it"),
                Arguments.of(
                        Silent.class,
                        "Silent is the abstract type Silent, and JSON does not say which class to make of it"),
                Arguments.of(
                        Unfinished.class,
                        "Unfinished is the abstract type Unfinished, and JSON does not say which class to make of it"),
                Arguments.of(
                        Runnable.class,
                        "Runnable is the abstract type Runnable, and JSON does not say which class to make of it"),
                Arguments.of(
                        Open.class, "Open is the abstract type Open, which is not sealed and has no @JsonSubTypes"),
                Arguments.of(
                        Named.class,
                        "Named: which Named it is would be said by the name of a Java class, and none is loaded because of a message"),
                Arguments.of(
                        NamedInside.class,
                        "NamedInside.silent: which Silent it is would be said by the name of a Java class, and none is loaded because of a message"),
                Arguments.of(Result.class, "Result(Bad).mute: Mute has fields, but nothing of it would be written"));
    }

    @ParameterizedTest
    @MethodSource("notToBeRead")
    void a_type_of_several_classes_that_can_not_be_read_is_told(Class<?> type, String problem) {
        assertThat(codec.problemOf(type)).contains(problem);
    }

    @Test
    void an_abstract_property_is_told_with_its_path() {
        assertThat(codec.problemOf(Drawing.class))
                .contains(
                        "Drawing.shapes[] is the abstract type Shape, and JSON does not say which class to make of it");
    }

    @Test
    void a_class_of_which_nothing_would_be_written_is_told() {
        assertThat(codec.problemOf(Mute.class)).contains("Mute: Mute has fields, but nothing of it would be written");
    }

    @Test
    void a_class_that_can_not_be_made_is_told() {
        assertThat(codec.problemOf(Holder.class))
                .contains("Holder.stubborn: Stubborn has no constructor that can be used");
    }
}
