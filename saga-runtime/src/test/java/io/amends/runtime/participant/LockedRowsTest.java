package io.amends.runtime.participant;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.amends.runtime.Background;
import io.amends.runtime.Bench;
import io.amends.runtime.LogWatch;
import io.amends.runtime.Sent;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.ReservedTypes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A transaction that nobody ends holds the row that a command needs: a branch in doubt, or a person at a console. */
class LockedRowsTest extends WarehouseFixture {

    private static final String WAITS = "waits for a row lock that another transaction holds";

    /** Two attempts, which a test of this class outlives, and a limit that spares the tests time. */
    private static final RedeliverySettings BRIEF =
            new RedeliverySettings(2, Duration.ZERO, Duration.ZERO, Duration.ofMillis(20), Duration.ofMillis(200));

    private final Participant brief = bench.participant("warehouse", warehouse, BRIEF);
    private @Nullable Connection holder;

    @BeforeAll
    static void shelves() {
        database.jdbc().execute("create table shelf (name text primary key, visits integer not null)");
        database.jdbc().execute("insert into shelf values ('a', 0), ('b', 0)");
    }

    @BeforeEach
    void reset() {
        database.jdbc().execute("update shelf set visits = 0");
    }

    /** Somebody changes that shelf in a transaction that stays open. */
    private void hold(String shelf) throws SQLException {
        holdBy("update shelf set visits = visits where name = '" + shelf + "'");
    }

    private void holdBy(String sql) throws SQLException {
        Connection connection = database.dataSource().getConnection();
        holder = connection;
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            // So that a test which waits for ever gets an end.
            statement.execute("set local idle_in_transaction_session_timeout = '60s'");
            statement.execute(sql);
        }
    }

    @AfterEach
    void letGo() throws SQLException {
        if (holder != null) {
            holder.rollback();
            holder.setAutoCommit(true);
            holder.close();
            holder = null;
        }
    }

    private void visits(String order, String shelf) {
        warehouse.surprise(
                order, () -> bench.jdbc.update("update shelf set visits = visits + 1 where name = ?", shelf));
    }

    private static long visitsOf(String shelf) {
        return database.number("select visits from shelf where name = ?", shelf);
    }

    private static void allAreDue() {
        database.jdbc().update("update saga_inbox_redelivery set next_attempt_at = clock_timestamp()");
    }

    private static long attempts() {
        return database.number("select attempts from saga_inbox_redelivery");
    }

    @Test
    void a_command_whose_row_stays_locked_is_set_aside_and_the_others_of_its_poll_flow_on() throws Exception {
        Participant ordinary = bench.participant("warehouse", warehouse, RedeliverySettings.DEFAULT);
        visits("stands", "a");
        visits("flows", "b");
        hold("a");
        Background.run(() ->
                        ordinary.process(List.of(reserve(saga, "stands", 1), reserve(UUID.randomUUID(), "flows", 1))))
                .get(10, TimeUnit.SECONDS);

        assertThat(movedOrders()).containsExactly("flows");
        assertThat(visitsOf("b")).isEqualTo(1);
        assertThat(database.row("select *, next_attempt_at - clock_timestamp() < interval '1.5 s' as soon"
                        + " from saga_inbox_redelivery"))
                .containsEntry("saga_id", saga)
                .containsEntry("attempts", 0)
                .containsEntry("error", WAITS)
                .containsEntry("soon", true);
        assertThat(database.number("select count(*) from saga_inbox_command where saga_id = ?", saga))
                .isZero();
        letGo();
    }

    @Test
    void it_is_carried_out_once_the_row_is_free_however_often_it_was_tried_before() throws Exception {
        visits("o1", "a");
        hold("a");
        brief.process(List.of(reserve(saga, "o1", 1)));
        for (int i = 0; i < 4; i++) {
            allAreDue();
            brief.redelivery().poll();
            assertThat(attempts()).isZero();
        }
        assertThat(warehouse.calls()).hasSize(5);
        assertThat(bench.sent()).isEmpty();
        letGo();
        allAreDue();
        brief.redelivery().poll();

        assertThat(visitsOf("a")).isEqualTo(1);
        assertThat(bench.sent().stream().map(Sent::outcome)).containsExactly("success");
        assertThat(database.count("saga_inbox_redelivery")).isZero();
    }

    @Test
    void it_comes_back_by_itself() throws Exception {
        visits("o1", "a");
        brief.redelivery().start();
        try {
            hold("a");
            brief.process(List.of(reserve(saga, "o1", 1)));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> warehouse.calls().size() >= 3);
            letGo();
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> visitsOf("a") == 1);
        } finally {
            brief.redelivery().stop(Duration.ofSeconds(10));
        }
    }

    @Test
    void attempts_that_threw_still_count_before_and_after_a_wait() throws Exception {
        warehouse.surprise("o1", () -> {
            throw new IllegalStateException("the shelf is broken");
        });
        brief.process(List.of(reserve(saga, "o1", 1)));
        assertThat(attempts()).isEqualTo(1);
        visits("o1", "a");
        hold("a");
        brief.redelivery().poll();
        assertThat(attempts()).isEqualTo(1);
        letGo();
        warehouse.surprise("o1", () -> {
            throw new IllegalStateException("the shelf is broken");
        });
        allAreDue();
        brief.redelivery().poll();

        assertThat(bench.sent().stream().map(Sent::type)).containsExactly(ReservedTypes.HANDLER_FAILED);
    }

    @Test
    void many_commands_for_one_locked_row_do_not_add_up_neither_in_a_poll_nor_in_the_redelivery() throws Exception {
        Participant ordinary = bench.participant("warehouse", warehouse, RedeliverySettings.DEFAULT);
        List<InboundRecord> poll = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            visits("o" + i, "a");
            poll.add(reserve(UUID.randomUUID(), "o" + i, 1));
        }
        poll.add(reserve(UUID.randomUUID(), "last", 1));
        hold("a");
        // One by one with the full limit it would be a minute.
        Background.run(() -> ordinary.process(poll)).get(20, TimeUnit.SECONDS);
        assertThat(movedOrders()).containsExactly("last");
        assertThat(database.count("saga_inbox_redelivery")).isEqualTo(60);

        warehouse.surprise("other", () -> {
            throw new IllegalStateException("the shelf is broken");
        });
        ordinary.process(List.of(reserve(saga, "other", 1)));
        warehouse.noSurprise("other");
        allAreDue();
        Background.run(() -> {
                    ordinary.redelivery().poll();
                    ordinary.redelivery().poll();
                })
                .get(20, TimeUnit.SECONDS);
        assertThat(movedOrders()).containsExactly("last", "other");
        letGo();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
            allAreDue();
            return ordinary.redelivery().poll() == 0;
        });
        assertThat(visitsOf("a")).isEqualTo(60);
    }

    @Test
    void a_poll_gives_back_the_locks_that_it_has_when_it_waits_for_another_one_in_vain() throws Exception {
        CountDownLatch hasShelfB = new CountDownLatch(1);
        warehouse.surprise("o1", () -> {
            bench.jdbc.update("update shelf set visits = visits + 1 where name = 'b'");
            hasShelfB.countDown();
        });
        visits("o2", "a");
        hold("a");
        CompletableFuture<Void> poll = Background.run(
                () -> brief.process(List.of(reserve(UUID.randomUUID(), "o1", 1), reserve(saga, "o2", 1))));
        await(hasShelfB);

        // Who holds shelf a waits for shelf b, perhaps by way of another database.
        Background.run(() -> database.jdbc().update("update shelf set visits = visits + 10 where name = 'b'"))
                .get(10, TimeUnit.SECONDS);
        poll.get(20, TimeUnit.SECONDS);
        assertThat(visitsOf("b")).isEqualTo(11);
        assertThat(database.count("saga_inbox_redelivery")).isEqualTo(1);
    }

    @Test
    void a_row_that_is_locked_for_less_than_the_limit_is_waited_for() throws Exception {
        visits("o1", "a");
        CompletableFuture<Void> delivery;
        hold("a");
        delivery = Background.run(() -> deliver(reserve(saga, "o1", 1)));
        awaitWaitingForLock();
        letGo();
        delivery.get(20, TimeUnit.SECONDS);

        assertThat(warehouse.calls()).hasSize(1);
        assertThat(visitsOf("a")).isEqualTo(1);
    }

    @Test
    void a_limit_that_the_connection_has_already_counts_if_it_is_shorter() throws Exception {
        hold("a");
        try (HikariDataSource pool = poolWithLockTimeout("50ms")) {
            Participant own = on(pool, AT_ONCE);
            Background.run(() -> own.process(List.of(reserve(saga, "o1", 1)))).get(20, TimeUnit.SECONDS);
        }
        assertThat(database.texts("select error from saga_inbox_redelivery")).containsExactly(WAITS);
    }

    @Test
    void and_likewise_if_it_is_longer() throws Exception {
        CompletableFuture<Void> delivery;
        try (HikariDataSource pool = poolWithLockTimeout("30s")) {
            hold("a");
            Participant own = on(
                    pool,
                    new RedeliverySettings(
                            2, Duration.ZERO, Duration.ZERO, Duration.ofMillis(20), Duration.ofMillis(1)));
            delivery = Background.run(() -> own.process(List.of(reserve(saga, "o1", 1))));
            awaitWaitingForLock();
            awaitWaitingForLock();
            letGo();
            delivery.get(20, TimeUnit.SECONDS);
        }
        assertThat(database.count("saga_inbox_redelivery")).isZero();
        assertThat(visitsOf("a")).isEqualTo(1);
    }

    private static HikariDataSource poolWithLockTimeout(String limit) {
        HikariDataSource pool = database.poolWithoutAutoCommit();
        pool.setAutoCommit(true);
        pool.setConnectionInitSql("set lock_timeout = '" + limit + "'");
        return pool;
    }

    /** A participant on another pool, whose handler visits shelf a for any order. */
    private Participant on(HikariDataSource pool, RedeliverySettings settings) {
        Bench other = new Bench(database, pool);
        Warehouse visitor = new Warehouse(other.jdbc);
        visitor.surprise("o1", () -> other.jdbc.update("update shelf set visits = visits + 1 where name = 'a'"));
        return other.participant("warehouse", visitor, settings);
    }

    @Test
    void a_row_that_the_commit_has_to_check_is_waited_for_no_longer_either() throws Exception {
        holdBy("select * from item where name = 'pen' for update");
        Background.run(() -> brief.process(
                        List.of(reserve(saga, "o1", "pen", 1), reserve(UUID.randomUUID(), "o2", "book", 1))))
                .get(20, TimeUnit.SECONDS);
        assertThat(movedOrders()).containsExactly("o2");
        assertThat(attempts()).isZero();
        letGo();
        allAreDue();
        brief.redelivery().poll();
        assertThat(movedOrders()).containsExactly("o1", "o2");
    }

    @Test
    void a_repeat_of_what_is_still_under_way_elsewhere_is_set_aside_too_and_answered_afterwards() throws Exception {
        CountDownLatch inHandler = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        warehouse.surprise("slow", () -> {
            inHandler.countDown();
            await(mayGoOn);
        });
        CompletableFuture<Void> first = Background.run(() -> deliver(reserve(saga, "slow", 1)));
        await(inHandler);
        brief.process(List.of(reserve(saga, "slow", 1)));
        assertThat(database.texts("select error from saga_inbox_redelivery")).containsExactly(WAITS);
        mayGoOn.countDown();
        first.get(20, TimeUnit.SECONDS);
        allAreDue();
        brief.redelivery().poll();

        assertThat(warehouse.calls()).hasSize(1);
        assertThat(bench.sent().stream().map(Sent::json)).hasSize(2).containsOnly("{\"shelf\":\"shelf 1\"}");
    }

    @Test
    void an_action_that_waits_is_refused_once_its_compensation_came() throws Exception {
        visits("o1", "a");
        hold("a");
        brief.process(List.of(reserve(saga, "o1", 1)));
        brief.process(List.of(release(saga, "o1", 1)));
        brief.redelivery().poll();
        letGo();
        assertThat(bench.sent().stream().map(Sent::type))
                .containsExactly(ReservedTypes.NOTHING_TO_COMPENSATE, ReservedTypes.ACTION_AFTER_COMPENSATION);
        assertThat(warehouse.calls()).containsExactly("reserve o1");
        assertThat(database.count("saga_inbox_redelivery")).isZero();
    }

    @Test
    void a_compensation_waits_in_the_same_way() throws Exception {
        brief.process(List.of(reserve(saga, "o1", 1)));
        visits("o1", "a");
        hold("a");
        brief.process(List.of(release(saga, "o1", 1)));
        assertThat(attempts()).isZero();
        letGo();
        allAreDue();
        brief.redelivery().poll();

        assertThat(stock()).isZero();
        assertThat(bench.sent().stream().map(Sent::type)).containsExactly("stock-reserved", "stock-released");
    }

    @Test
    void the_log_says_once_for_each_command_that_somebody_holds_a_lock() throws Exception {
        visits("o1", "a");
        hold("a");
        try (LogWatch log = LogWatch.of("io.amends.runtime.participant")) {
            brief.process(List.of(reserve(saga, "o1", 1)));
            brief.process(List.of(reserve(saga, "o1", 1)));
            for (int i = 0; i < 3; i++) {
                allAreDue();
                brief.redelivery().poll();
            }
            assertThat(log.lines())
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .startsWith("WARN")
                            .contains("'warehouse'", "'reserve-stock'", saga.toString(), "pg_prepared_xacts")
                            .doesNotContain("o1"));
        }
    }

    @Test
    void the_lines_of_the_page_find_who_holds_the_lock_and_who_waits() throws Exception {
        String page = Files.readString(Path.of("../docs/isolation.md"));
        List<String> sql = Stream.of(
                        page.split("## Rows that others have locked")[1].split("```sql\\R", 2)[1].split("```", 2)[0]
                                .split(";\\R"))
                .filter(line -> !line.isBlank())
                .toList();
        visits("o1", "a");
        hold("a");
        brief.process(List.of(reserve(saga, "o1", 1)));

        assertThat(sql).hasSize(3);
        assertThat(database.jdbc().queryForList(sql.get(0))).isEmpty();
        assertThat(database.jdbc().queryForList(sql.get(1)).get(0))
                .containsEntry("state", "idle in transaction")
                .hasEntrySatisfying(
                        "query", query -> assertThat(query.toString()).startsWith("update shelf"));
        assertThat(database.jdbc().queryForList(sql.get(2)))
                .singleElement()
                .satisfies(row -> assertThat(row).containsEntry("saga_id", saga));
    }
}
