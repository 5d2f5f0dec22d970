package io.amends.runtime.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.LogWatch;
import io.amends.runtime.Orders.ReleaseStock;
import io.amends.runtime.Orders.ReserveStock;
import io.amends.runtime.Sent;
import io.amends.runtime.wire.ReservedTypes;
import io.amends.saga.Compensation;
import io.amends.saga.Escalation;
import io.amends.saga.OnCompensating;
import io.amends.saga.OnStuck;
import io.amends.saga.Retry;
import io.amends.saga.Saga;
import io.amends.saga.SagaKey;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.definition.AnnotatedSagas;
import io.amends.saga.definition.SagaRegistry;
import io.amends.saga.engine.Outcome;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a saga's own code throws may quote its data: it is in the tables, and in no log. */
class SecretsInLogsTest extends OrderFixture {

    private static final String SECRET = "4111-1111-1111-1111";

    /** Throws its data at whoever reads logs. */
    @Saga(name = "leaky")
    static class LeakySaga {

        @SagaStep(
                order = 1,
                name = "reserve-stock",
                participant = "warehouse",
                kind = StepKind.COMPENSATABLE,
                retry = @Retry(attempts = 1),
                onExhausted = Escalation.COMPENSATE)
        ReserveStock reserve(Order order) {
            return new ReserveStock(order.id(), order.item(), order.amount());
        }

        @Compensation(of = "reserve-stock")
        ReleaseStock release(Order order) {
            throw new IllegalStateException("can't release " + order.item());
        }

        @OnCompensating
        void turning(Order order) {
            throw new IllegalStateException("can't turn " + order.item());
        }

        @OnStuck
        void stuck(Order order) {
            throw new IllegalStateException("can't tell " + order.item());
        }
    }

    @Override
    SagaRegistry registry() {
        return SagaRegistry.of(List.of(), Map.of(LeakySaga.class, AnnotatedSagas.read(new LeakySaga())));
    }

    @Test
    void what_hooks_and_makers_of_commands_throw_is_in_the_history_and_in_no_log() {
        UUID id = sagas.start(LeakySaga.class, new Order("o1", SECRET, 1, ""), SagaKey.of("k1"))
                .sagaId();
        Sent reserve = takeOne();
        try (LogWatch log = LogWatch.of("ROOT")) {
            deliver(bench.reply(
                    reserve, "warehouse", ReservedTypes.HANDLER_FAILED_FOR_GOOD, Outcome.ERROR, new byte[0]));

            assertThat(phase(id)).isEqualTo("STUCK");
            assertThat(log.lines()).noneMatch(line -> line.contains(SECRET));
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("the hook for"))
                    .hasSize(2)
                    .allMatch(line -> line.contains("java.lang.IllegalStateException at "));
        }
        assertThat(database.texts("select detail from saga_history where event = 'HookThrew'"))
                .hasSize(2)
                .allMatch(detail -> detail.contains(SECRET));
    }
}
