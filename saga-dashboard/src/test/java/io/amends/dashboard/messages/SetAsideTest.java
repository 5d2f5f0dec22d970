package io.amends.dashboard.messages;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.Deliveries.Collected;
import io.amends.dashboard.Deliveries.Parcel;
import io.amends.dashboard.Depot;
import io.amends.dashboard.Depot.Sent;
import io.amends.dashboard.stuck.StuckAllowances;
import io.amends.dashboard.stuck.StuckInbox;
import io.amends.dashboard.stuck.StuckReason;
import io.amends.runtime.orchestrator.Orchestration;
import io.amends.runtime.wire.InboundRecord;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.Outcome;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages that nobody could take. */
class SetAsideTest {

    private static Depot depot;

    private final Orchestration orchestration = depot.orchestration();
    private final SetAside setAside = new SetAside(depot.reads());

    @BeforeAll
    static void open() {
        depot = new Depot();
    }

    @AfterAll
    static void close() {
        depot.close();
    }

    @BeforeEach
    void clear() {
        depot.clear();
    }

    @Test
    void a_message_for_no_saga_is_late_and_one_that_can_not_be_read_is_quarantined() {
        UUID id = orchestration
                .sagas()
                .start("delivery", Parcel.of("k"), SagaKey.of("k"))
                .sagaId();
        Sent command = depot.takeLast();
        orchestration.replies().process(List.of(depot.reply(command, "collected", Outcome.SUCCESS, new byte[] {1})));
        depot.jdbc.update("delete from saga_instance");
        orchestration.replies().process(List.of(depot.reply(command, new Collected("van 7"))));
        orchestration
                .replies()
                .process(List.of(new InboundRecord(
                        "saga.delivery.replies", 3, 7, new byte[] {0, (byte) 0xff, '\\'}, null, Map.of())));

        assertThat(setAside.counts())
                .isEqualTo(Map.of(StuckReason.LATE_MESSAGE, 1L, StuckReason.QUARANTINED_MESSAGE, 2L));
        List<SetAsideMessage> all = setAside.page(null, 10);
        assertThat(all)
                .extracting(message -> "%s %s".formatted(message.reason(), message.code()))
                .containsExactly(
                        "QUARANTINED_MESSAGE MALFORMED_PAYLOAD",
                        "LATE_MESSAGE UNKNOWN_SAGA",
                        "QUARANTINED_MESSAGE MALFORMED_HEADERS");
        assertThat(all).extracting(SetAsideMessage::sagaId).containsExactly(id, id, null);
        assertThat(setAside.latest(2)).as("the latest first").containsExactly(all.get(2), all.get(1));
        assertThat(setAside.page(null, 1)).containsExactly(all.get(0));
        assertThat(setAside.page(all.get(0), 10)).containsExactly(all.get(1), all.get(2));
        // A key that is no id disturbs nobody.
        assertThat(new StuckInbox(depot.reads(), StuckAllowances.DEFAULT)
                        .counts()
                        .total())
                .isZero();
    }
}
