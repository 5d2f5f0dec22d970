package io.amends.runtime.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.Orders.BookCourier;
import io.amends.runtime.Orders.ReleaseStock;
import io.amends.runtime.Orders.ReserveStock;
import io.amends.runtime.Orders.StockReserved;
import io.amends.runtime.Sent;
import io.amends.runtime.observation.LogField;
import io.amends.runtime.wire.InboundRecord;
import io.amends.saga.Compensation;
import io.amends.saga.OnReply;
import io.amends.saga.Saga;
import io.amends.saga.SagaKey;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.definition.AnnotatedSagas;
import io.amends.saga.definition.SagaRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** Lines that are logged while a reply is taken, or a saga's time has come, say what they belong to. */
class LogFieldsOfSagasTest extends OrderFixture {

    /** What log lines say, call by call. */
    private static final List<Map<String, String>> SAID = new CopyOnWriteArrayList<>();

    private static Map<String, String> said() {
        return Objects.requireNonNullElse(MDC.getCopyOfContextMap(), Map.of());
    }

    /** Its second step is local, and throws at the first time. */
    @Saga(name = "told")
    static class ToldSaga {

        @SagaStep(order = 1, name = "reserve-stock", participant = "warehouse")
        ReserveStock reserve(Order order) {
            return new ReserveStock(order.id(), order.item(), order.amount());
        }

        @OnReply(to = "reserve-stock")
        Order reserved(Order order, StockReserved reply) {
            SAID.add(said());
            return order;
        }

        @Compensation(of = "reserve-stock")
        ReleaseStock release(Order order) {
            return new ReleaseStock(order.id(), order.item(), order.amount());
        }

        @SagaStep(order = 2, name = "write-down")
        Order write(Order order) {
            SAID.add(said());
            if (SAID.size() == 2) {
                throw new IllegalStateException("no ink");
            }
            return order;
        }

        @Compensation(of = "write-down")
        void strike(Order order) {}

        @SagaStep(order = 3, name = "book-courier", kind = StepKind.PIVOT, participant = "courier")
        BookCourier book(Order order) {
            return new BookCourier(order.id(), order.note());
        }
    }

    @Override
    SagaRegistry registry() {
        return SagaRegistry.of(List.of(), Map.of(ToldSaga.class, AnnotatedSagas.read(new ToldSaga())));
    }

    @BeforeEach
    void forget() {
        SAID.clear();
    }

    @Test
    void a_reply_and_a_timer_say_what_they_belong_to_and_leave_nothing_behind() {
        UUID id = sagas.start(ToldSaga.class, Order.of("a"), SagaKey.of("a")).sagaId();
        Sent command = takeOne();
        InboundRecord reply = bench.reply(command, new StockReserved("shelf 1"));

        deliver(reply);
        assertThat(said()).isEmpty();
        timePasses(Duration.ofHours(1));

        assertThat(said()).isEmpty();
        assertThat(SAID).hasSize(3);
        assertThat(SAID.get(0))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        LogField.SAGA_ID.key(), id.toString(),
                        LogField.SAGA_NAME.key(), "told",
                        LogField.STEP.key(), "reserve-stock",
                        LogField.KIND.key(), "action",
                        LogField.MESSAGE_ID.key(), String.valueOf(reply.text("ce_id")),
                        LogField.PARTICIPANT.key(), "warehouse"));
        assertThat(SAID.get(1))
                .containsEntry(LogField.STEP.key(), "write-down")
                .containsEntry(LogField.MESSAGE_ID.key(), String.valueOf(reply.text("ce_id")));
        assertThat(SAID.get(2))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        LogField.SAGA_ID.key(), id.toString(),
                        LogField.SAGA_NAME.key(), "told",
                        LogField.STEP.key(), "write-down",
                        LogField.KIND.key(), "action"));
    }
}
