package io.amends.runtime.orchestrator;

import io.amends.runtime.Sent;
import io.amends.runtime.flow.FlowControl;
import io.amends.runtime.flow.FlowSettings;
import io.amends.runtime.flow.FlowSettings.Breaking;
import io.amends.runtime.flow.FlowSettings.Starting;
import io.amends.runtime.flow.ParticipantFlow;
import io.amends.runtime.flow.SagaFlow;
import io.amends.runtime.wire.InboundRecord;
import io.amends.saga.SagaKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Two processes of one service, on one database; each looks when the test says so. */
abstract class FlowFixture extends OrderFixture {

    static final SagaFlow.Order ORDER = new SagaFlow.Order("ann", "maintenance");
    static final Breaking BREAKING =
            new Breaking(true, 3, Duration.ofSeconds(10), Duration.ofSeconds(15), 2, Duration.ofSeconds(30));

    final Process one = new Process(settings());
    final Process other = new Process(settings());

    FlowSettings settings() {
        return new FlowSettings(BREAKING, new Starting(null, null, Duration.ofMillis(200)), Map.of(), Map.of());
    }

    final class Process {
        final FlowControl flow;
        final Orchestration orchestration;

        Process(FlowSettings settings) {
            flow = new FlowControl(bench.jdbc, bench.transactions, settings);
            orchestration = bench.orchestration(registry(), flow);
        }

        void look() {
            flow.look(orchestration.admission());
        }

        /** Whether there was room since the last look; if so, it is used. */
        boolean hasRoom() throws InterruptedException {
            return flow.useRoom(Duration.ZERO, orchestration.admission());
        }

        UUID start(String key) {
            return orchestration
                    .sagas()
                    .start(HolidaySaga.class, Order.of(key), SagaKey.of(key))
                    .sagaId();
        }

        UUID startOrder(String key) {
            return orchestration
                    .sagas()
                    .start(PlaceOrderSaga.class, Order.of(key), SagaKey.of(key))
                    .sagaId();
        }

        void deliver(InboundRecord... replies) {
            orchestration.replies().process(List.of(replies));
        }

        /** Lets time pass for sagas and participants; this process's timers look. */
        void timePasses(Duration time) {
            String by = time.toMillis() + " milliseconds";
            database.jdbc()
                    .update(
                            "update saga_participant_flow set since = since - ?::interval, until = until - ?::interval",
                            by,
                            by);
            database.jdbc()
                    .update(
                            "update saga_instance set due_at = due_at - ?::interval, deadline_at = deadline_at - ?::interval",
                            by,
                            by);
            database.jdbc().update("""
                    update saga_step set due_at = due_at - ?::interval, first_sent_at = first_sent_at - ?::interval,
                           held_since = held_since - ?::interval""", by, by, by);
            orchestration.timers().look();
        }

        SagaFlow operations() {
            return flow.operations();
        }
    }

    ParticipantFlow participant(String name) {
        return one.operations().participants().stream()
                .filter(participant -> participant.participant().equals(name))
                .findFirst()
                .orElseThrow();
    }

    List<String> taken() {
        return bench.take().stream().map(Sent::type).toList();
    }

    int attempts(UUID saga, String step) {
        return (int) database.number("select attempts from saga_step where saga_id = ? and step = ?", saga, step);
    }

    /** For whom the saga's steps wait. */
    List<String> heldFor(UUID saga) {
        return database.texts(
                "select held_for from saga_step where saga_id = ? and held_for is not null order by step", saga);
    }
}
