package io.amends.dashboard.stuck;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.Deliveries.Cleared;
import io.amends.dashboard.Deliveries.Collected;
import io.amends.dashboard.Deliveries.Delivered;
import io.amends.dashboard.Deliveries.Parcel;
import io.amends.dashboard.Depot;
import io.amends.runtime.SagaOperations.Order;
import io.amends.runtime.orchestrator.Orchestration;
import io.amends.saga.Reply;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Deliveries that the real engine moves, as far as a test lets them come, and why they are listed as stuck. */
abstract class StuckFixture {

    static final Duration SECOND = Duration.ofSeconds(1);
    static final Duration MINUTE = Duration.ofMinutes(1);
    static final Duration HOUR = Duration.ofHours(1);
    static final Duration DAY = Duration.ofDays(1);
    static final Order ORDER = new Order("ann", "because", null);
    static final byte[] NOTHING = {};

    static Depot depot;

    final Orchestration orchestration = depot.orchestration();
    final StuckInbox inbox = new StuckInbox(depot.reads(), StuckAllowances.DEFAULT);

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

    UUID start(String saga) {
        return orchestration
                .sagas()
                .start(saga, Parcel.of("p"), SagaKey.of(UUID.randomUUID().toString()))
                .sagaId();
    }

    void answer(Reply reply) {
        orchestration.replies().process(List.of(depot.reply(depot.takeLast(), reply)));
    }

    void error(String type) {
        orchestration.replies().process(List.of(depot.reply(depot.takeLast(), type, Outcome.ERROR, NOTHING)));
    }

    /** What was sent is published, time passes, and the timers look. */
    void later(Duration time) {
        depot.take();
        depot.timePasses(time);
        orchestration.timers().look();
    }

    UUID atCustoms() {
        UUID id = start("delivery");
        answer(new Collected("van 7"));
        return id;
    }

    void decide(UUID id, Reply decision) {
        String key =
                depot.jdbc.queryForObject("select business_key from saga_instance where saga_id = ?", String.class, id);
        orchestration.sagas().signal("delivery", SagaKey.of(String.valueOf(key)), "customs", decision);
    }

    UUID atDelivery() {
        UUID id = atCustoms();
        decide(id, new Cleared());
        return id;
    }

    UUID atTelling() {
        UUID id = atDelivery();
        answer(new Delivered());
        return id;
    }

    List<StuckSaga> all() {
        return inbox.page(StuckQuery.all()).sagas();
    }

    Optional<StuckReason> reason(UUID id) {
        List<StuckSaga> found =
                all().stream().filter(saga -> saga.sagaId().equals(id)).toList();
        assertThat(found).hasSizeLessThanOrEqualTo(1);
        Optional<StuckReason> reason = found.stream().map(StuckSaga::reason).findFirst();
        assertThat(inbox.verdict(id).map(StuckInbox.Verdict::reason)).isEqualTo(reason);
        return reason;
    }

    StuckSaga stuck(UUID id) {
        return all().stream()
                .filter(saga -> saga.sagaId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    Duration stuckFor(UUID id) {
        Instant now = depot.jdbc
                .queryForObject("select clock_timestamp()", OffsetDateTime.class)
                .toInstant();
        return Duration.between(stuck(id).since(), now);
    }
}
