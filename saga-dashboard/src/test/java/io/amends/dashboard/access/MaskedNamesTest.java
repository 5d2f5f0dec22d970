package io.amends.dashboard.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.saga.Command;
import io.amends.saga.Masked;
import io.amends.saga.Reply;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.Success;
import io.amends.saga.definition.AnnotatedSagas;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

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
        assertThat(MaskedNames.of(List.of(AnnotatedSagas.read(new OrderSaga()))))
                .containsExactlyInAnyOrder("iban", "engraving", "name", "amount", "receipt");
    }
}
