package io.amends.runtime.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.Bench;
import io.amends.runtime.Orders.StockReserved;
import io.amends.runtime.SagaListener;
import io.amends.runtime.Sent;
import io.amends.runtime.security.MessageProtection;
import io.amends.runtime.security.Protected;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.SealedPayload;
import io.amends.runtime.wire.WireHeaders;
import io.amends.saga.SagaKey;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An orchestrator that takes signed and sealed replies only. */
class ProtectedRepliesTest extends OrderFixture {

    private final MessageProtection protection = Protected.both();
    private final Bench safe = new Bench(database, protection);
    private final List<SagaListener.Change> changes = new ArrayList<>();
    private final Orchestration careful = safe.orchestration(registry(), changes::addAll);
    private Sent command;

    @BeforeEach
    void start() {
        careful.sagas().start(PlaceOrderSaga.class, Order.of("o1"), SagaKey.of("o1"));
        command = safe.take().get(0);
    }

    @Test
    void a_protected_reply_moves_the_saga_on_and_the_next_command_is_protected_too() {
        assertThat(SealedPayload.isSealed(command.payload())).isTrue();
        careful.replies().process(List.of(safe.reply(command, new StockReserved("s"))));

        Sent next = safe.take().get(0);
        assertThat(next.step()).isEqualTo("charge-card");
        assertThat(SealedPayload.isSealed(next.payload())).isTrue();
        assertThat(quarantined()).isEmpty();
    }

    @Test
    void a_forged_reply_is_quarantined_and_the_saga_waits_for_the_true_one() {
        careful.replies().process(List.of(bench.reply(command, new StockReserved("forged"))));
        assertThat(quarantined()).containsExactly("NO_SIGNATURE");
        assertThat(safe.take()).isEmpty();

        careful.replies().process(List.of(safe.reply(command, new StockReserved("s"))));
        assertThat(safe.take()).hasSize(1);
    }

    @Test
    void a_good_reply_is_no_answer_to_another_saga() {
        UUID other = careful.sagas()
                .start(PlaceOrderSaga.class, Order.of("o2"), SagaKey.of("o2"))
                .sagaId();
        safe.take();
        InboundRecord replayed =
                Bench.with(safe.reply(command, new StockReserved("s")), WireHeaders.CORRELATION_ID, other.toString());
        careful.replies().process(List.of(replayed));

        assertThat(quarantined()).containsExactly("BAD_SIGNATURE");
        assertThat(safe.take()).isEmpty();
    }

    private static List<String> quarantined() {
        return database.texts("select reason_code from saga_inbox_quarantine");
    }
}
