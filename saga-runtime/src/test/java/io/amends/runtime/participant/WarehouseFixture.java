package io.amends.runtime.participant;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.Bench;
import io.amends.runtime.Orders.ReleaseStock;
import io.amends.runtime.Orders.ReserveStock;
import io.amends.runtime.TestDatabase;
import io.amends.runtime.wire.InboundRecord;
import io.amends.saga.engine.CommandKind;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A warehouse on a database of the test class's own. */
abstract class WarehouseFixture {

    static final Duration NO_TEST_HOLDS_A_LOCK_SO_LONG = Duration.ofSeconds(60);

    /** Three deliveries, each due at once. */
    static final RedeliverySettings AT_ONCE = new RedeliverySettings(
            3, Duration.ZERO, Duration.ZERO, Duration.ofMillis(20), NO_TEST_HOLDS_A_LOCK_SO_LONG);

    static TestDatabase database;

    final Bench bench = new Bench(database);
    final Warehouse warehouse = new Warehouse(bench.jdbc);
    final Participant participant = bench.participant("warehouse", warehouse, AT_ONCE);
    final UUID saga = UUID.randomUUID();

    @BeforeAll
    static void open() {
        database = TestDatabase.create();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void clear() {
        database.clear();
    }

    void deliver(InboundRecord... records) {
        participant.process(List.of(records));
    }

    InboundRecord reserve(UUID saga, String order, int amount) {
        return reserve(saga, order, "book", amount);
    }

    InboundRecord reserve(UUID saga, String order, String item, int amount) {
        return bench.command(
                "warehouse", saga, "reserve-stock", CommandKind.ACTION, new ReserveStock(order, item, amount));
    }

    InboundRecord release(UUID saga, String order, int amount) {
        return bench.command(
                "warehouse", saga, "reserve-stock", CommandKind.COMPENSATION, new ReleaseStock(order, "book", amount));
    }

    /** A step that can't be rejected. */
    InboundRecord putBack(UUID saga, String order, int amount) {
        return bench.command(
                "warehouse", saga, "put-back", CommandKind.ACTION, new ReleaseStock(order, "book", amount));
    }

    /** Until some transaction of this database waits for another one's lock. */
    static void awaitWaitingForLock() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> database.number(
                                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")
                        > 0);
    }

    static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    List<String> movedOrders() {
        return database.texts("select order_id from stock_move order by order_id");
    }

    long stock() {
        return database.number("select coalesce(sum(amount), 0) from stock_move");
    }
}
