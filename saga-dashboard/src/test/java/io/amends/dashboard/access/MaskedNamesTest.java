package io.amends.dashboard.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.amends.runtime.wire.JacksonPayloadCodec;
import io.amends.saga.Command;
import io.amends.saga.Masked;
import io.amends.saga.Reply;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.Success;
import io.amends.saga.definition.AnnotatedSagas;
import io.amends.saga.definition.SagaDefinition;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.json.JsonMapper;

/** What types say of themselves. */
class MaskedNamesTest {

    record Order(@Masked String iban, List<Line> lines, Map<String, Buyer> buyers) {}

    record Line(@Masked String engraving, Line[] parts) {}

    static class Person {
        @Masked
        String name = "";
    }

    static class Buyer extends Person {
        String city = "";
    }

    record Pay(@Masked String amount) implements Command<PayReply> {}

    sealed interface PayReply extends Reply {}

    record Paid(@Masked String receipt) implements PayReply, Success {}

    @Saga(name = "order")
    static class OrderSaga {

        @SagaStep(order = 1, name = "pay", kind = StepKind.PIVOT, participant = "bank")
        Pay pay(Order order) {
            return new Pay("1");
        }
    }

    @Test
    void parts_of_parts_of_data_commands_and_replies_are_found() {
        assertThat(MaskedNames.of(List.of(AnnotatedSagas.read(new OrderSaga())), new JacksonPayloadCodec()))
                .containsExactlyInAnyOrder("iban", "engraving", "name", "amount", "receipt");
    }

    record Renamed(@Masked @JsonProperty("pay_to") String payee, Named named, Bean bean) {}

    @JsonNaming(PropertyNamingStrategies.KebabCaseStrategy.class)
    record Named(@Masked String homeStreet) {}

    static class Bean {
        @Masked
        @JsonProperty("sort-code")
        private String sortCode = "";

        public String getSortCode() {
            return sortCode;
        }
    }

    @Saga(name = "renamed")
    static class RenamedSaga {

        @SagaStep(order = 1, name = "pay", kind = StepKind.PIVOT, participant = "bank")
        Pay pay(Renamed data) {
            return new Pay("1");
        }
    }

    @Test
    void what_is_written_under_another_name_is_masked_under_that_one_too() {
        SagaDefinition saga = AnnotatedSagas.read(new RenamedSaga());
        JacksonPayloadCodec shouting = new JacksonPayloadCodec(JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.UPPER_CAMEL_CASE)
                .build());
        Renamed data = new Renamed("s3cret-a", new Named("s3cret-b"), new Bean());
        data.bean().sortCode = "s3cret-c";

        assertThat(MaskedNames.of(List.of(saga), new JacksonPayloadCodec()))
                .contains("payee", "pay_to", "home-street", "sort-code", "amount");
        for (JacksonPayloadCodec codec : List.of(new JacksonPayloadCodec(), shouting)) {
            Masking masking = new Masking(List.of(), MaskedNames.of(List.of(saga), codec));
            String shown = masking.text(new String(codec.encode(data), StandardCharsets.UTF_8));
            assertThat(shown).contains("***").doesNotContain("s3cret");
            assertThat(masking.text(new String(codec.encode(new Pay("s3cret-d")), StandardCharsets.UTF_8)))
                    .doesNotContain("s3cret");
        }
    }
}
