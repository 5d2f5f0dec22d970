package io.amends.runtime.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.runtime.migration.MigratedData.NotReadException;
import io.amends.runtime.wire.JacksonPayloadCodec;
import io.amends.saga.Command;
import io.amends.saga.Success;
import io.amends.saga.definition.SagaDefinition;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of stored data may be read as another version's without being told how. */
class MigratedDataTest {

    record Whole(String id, long amount) {}

    record Exact(String id, BigDecimal amount, List<String> notes) {}

    record Imprecise(String id, double amount) {}

    record Done() implements Success {}

    record Charge(String id) implements Command<Done> {}

    private final MigratedData data = new MigratedData(new JacksonPayloadCodec());

    @ParameterizedTest
    @CsvSource({"12.75, /amount", "1e-3, /amount"})
    void a_number_that_would_be_cut_off_is_refused(String amount, String place) {
        assertThatThrownBy(() -> read("{\"id\":\"a\",\"amount\":%s}".formatted(amount), Whole.class))
                .isInstanceOf(NotReadException.class)
                .hasMessageContaining("no place for " + place);
    }

    @Test
    void one_with_more_digits_than_the_new_type_has_is_refused() {
        assertThatThrownBy(() -> read("{\"id\":\"a\",\"amount\":12345678901234567890.12345}", Imprecise.class))
                .isInstanceOf(NotReadException.class)
                .hasMessageContaining("/amount");
    }

    @Test
    void one_that_is_only_written_in_another_way_is_taken() {
        assertThat(read("{\"id\":\"a\",\"amount\":12.0}", Whole.class)).isEqualTo(new Whole("a", 12));
    }

    @Test
    void a_place_that_is_not_there_any_more_is_refused_also_in_a_list() {
        assertThatThrownBy(() -> read("{\"id\":\"a\",\"amount\":1,\"notes\":[\"x\",{\"y\":1}]}", Exact.class))
                .isInstanceOf(NotReadException.class);
        assertThat(read("{\"id\":\"a\",\"amount\":1.50,\"notes\":[\"x\"]}", Exact.class))
                .isEqualTo(new Exact("a", new BigDecimal("1.50"), List.of("x")));
    }

    private <D> Object read(String stored, Class<D> type) {
        SagaDefinition target = SagaDefinition.named("pay")
                .version(2)
                .data(type)
                .pivot("charge", "payments", Charge.class, whatever -> new Charge("a"))
                .build();
        return data.read(stored.getBytes(StandardCharsets.UTF_8), 1, null, target);
    }
}
