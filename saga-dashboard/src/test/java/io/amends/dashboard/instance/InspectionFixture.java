package io.amends.dashboard.instance;

import io.amends.dashboard.Deliveries.Parcel;
import io.amends.dashboard.Depot;
import io.amends.dashboard.stuck.StuckAllowances;
import io.amends.runtime.orchestrator.Orchestration;
import io.amends.saga.Reply;
import io.amends.saga.SagaKey;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Sagas that the real engine moves, and what the page of one of them says. */
abstract class InspectionFixture {

    static final byte[] NOTHING = {};

    static Depot depot;

    final Orchestration orchestration = depot.orchestration();
    final SagaInspection inspection = new SagaInspection(depot.reads(), StuckAllowances.DEFAULT);

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

    UUID start() {
        return orchestration
                .sagas()
                .start("delivery", Parcel.of("k"), SagaKey.of("k"))
                .sagaId();
    }

    void answer(Reply reply) {
        orchestration.replies().process(List.of(depot.reply(depot.takeLast(), reply)));
    }

    void decide(Reply decision) {
        orchestration.sagas().signal("delivery", SagaKey.of("k"), "customs", decision);
    }

    SagaView view(UUID id) {
        return inspection.of(id).orElseThrow();
    }
}
