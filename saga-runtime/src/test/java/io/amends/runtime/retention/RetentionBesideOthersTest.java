package io.amends.runtime.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.amends.runtime.Bench;
import io.amends.runtime.LogWatch;
import io.amends.runtime.TestDatabase;
import io.amends.runtime.retention.SagaRetention.What;
import io.amends.runtime.rounds.Rounds;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.NestedRuntimeException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** The removal while other processes remove, sagas are at work, or it is interrupted. */
class RetentionBesideOthersTest {

    private static final RetentionSettings SETTINGS =
            new RetentionSettings(Duration.ofDays(90), Duration.ofDays(180), 10);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static TestDatabase database;

    private final Bench bench = new Bench(database);
    private final Rows rows = new Rows(database);
    private final SagaRetention retention = retention();

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

    private SagaRetention retention() {
        return new SagaRetention(bench.jdbc, bench.transactions, SETTINGS, true, true);
    }

    @Test
    void several_processes_at_once_remove_each_row_once_and_get_in_nobodys_way() throws Exception {
        for (int i = 0; i < 200; i++) {
            rows.action("stock", rows.saga("COMPLETED", 400), 390);
        }
        List<SagaRetention> processes =
                Stream.generate(this::retention).limit(4).toList();
        ExecutorService threads = Executors.newFixedThreadPool(processes.size());
        try {
            List<Future<?>> rounds = new ArrayList<>();
            processes.forEach(process -> rounds.add(threads.submit(process::removeAll)));
            for (Future<?> round : rounds) {
                round.get();
            }
        } finally {
            threads.shutdownNow();
        }
        // What one had locked is left to it by the others, and to the next round if it lost.
        retention.removeAll();
        processes = Stream.concat(processes.stream(), Stream.of(retention)).toList();

        assertThat(List.of("saga_instance", "saga_step", "saga_history", "saga_inbox_command"))
                .allSatisfy(table -> assertThat(database.count(table)).as(table).isZero());
        assertThat(sum(processes, What.SAGAS)).isEqualTo(200);
        assertThat(sum(processes, What.COMMANDS)).isEqualTo(200);
    }

    @Test
    void what_another_transaction_has_locked_is_left_without_waiting() throws Exception {
        UUID locked = rows.saga("COMPLETED", 300);
        UUID free = rows.saga("COMPLETED", 200);
        rows.action("stock", locked, 290);
        rows.action("stock", free, 190);
        try (Connection other = holding("select from saga_instance where saga_id = ? for update", locked);
                Connection another = holding("select from saga_inbox_command where saga_id = ? for update", locked)) {
            retention.removeAll();
            assertThat(rows.exists(locked)).isTrue();
            assertThat(rows.rows("saga_inbox_command", locked)).isEqualTo(1);
            assertThat(rows.exists(free)).isFalse();
            assertThat(rows.rows("saga_inbox_command", free)).isZero();
            another.rollback();
            other.rollback();
        }
        retention.removeAll();
        assertThat(rows.exists(locked)).isFalse();
    }

    @Test
    void a_child_stays_while_somebody_has_its_parent_in_hand_and_may_reopen_it() throws Exception {
        UUID parent = rows.saga("COMPENSATED", 200);
        UUID child = rows.saga("COMPLETED", 199);
        rows.child(child, parent);
        try (Connection operator = holding(
                "update saga_instance set phase = 'COMPENSATING', updated_at = clock_timestamp() where saga_id = ?",
                parent)) {
            retention.removeAll();
            operator.commit();
        }
        retention.removeAll();

        assertThat(Stream.of(parent, child)).allMatch(rows::exists);
    }

    @Test
    void a_transaction_that_is_killed_in_the_middle_has_removed_nothing_and_the_next_round_does() throws Exception {
        UUID first = rows.saga("COMPLETED", 300);
        UUID second = rows.saga("COMPLETED", 299);
        try (Connection other = holding("select from saga_history where saga_id = ? for update", second)) {
            ExecutorService thread = Executors.newSingleThreadExecutor();
            try {
                AtomicReference<Future<?>> round = new AtomicReference<>(thread.submit(retention::removeAll));
                await().atMost(PATIENCE).until(() -> {
                    // On a slow machine its wait may be over before it is found waiting.
                    if (round.get().isDone()) {
                        retention.breakOff();
                        round.set(thread.submit(retention::removeAll));
                    }
                    return database.number("""
                            select count(pg_terminate_backend(pid)) from pg_stat_activity
                             where datname = current_database() and wait_event_type = 'Lock'
                               and query like '%with gone as materialized%'""") == 1;
                });
                assertThatThrownBy(() -> round.get().get()).hasCauseInstanceOf(NestedRuntimeException.class);
            } finally {
                thread.shutdownNow();
            }
            assertThat(List.of(first, second)).allSatisfy(saga -> {
                assertThat(rows.exists(saga)).isTrue();
                assertThat(rows.rows("saga_step", saga)).isEqualTo(2);
                assertThat(rows.rows("saga_history", saga)).isEqualTo(3);
            });
            other.rollback();
        }
        retention.breakOff();
        retention.removeAll();

        assertThat(Stream.of(first, second)).noneMatch(rows::exists);
        assertThat(retention.removed(What.SAGAS)).isEqualTo(2);
    }

    @Test
    void a_lock_is_waited_for_a_second_at_most_which_is_told_once_and_the_rounds_go_on() throws Exception {
        UUID saga = rows.saga("COMPLETED", 300);
        RetentionRounds rounds = new RetentionRounds(retention, () -> {});
        try (LogWatch log = LogWatch.of(RetentionRounds.class.getName());
                LogWatch troubles = LogWatch.of(Rounds.class.getName())) {
            try (Connection other = holding("select from saga_history where saga_id = ? for update", saga)) {
                rounds.start(Duration.ofMillis(10));
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(troubles.lines())
                                .filteredOn(line -> line.contains("removal of old sagas"))
                                .singleElement()
                                .asString()
                                .startsWith("WARN The removal of old sagas and commands waits and tries again")
                                .contains("lock timeout"));
                other.rollback();
            }
            await().atMost(PATIENCE).until(() -> !rows.exists(saga));
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(log.lines()).contains("INFO Removed what was kept for long enough: sagas 1"));
            assertThat(troubles.lines())
                    .filteredOn(line -> line.startsWith("WARN The removal"))
                    .hasSize(1);
        } finally {
            rounds.stop(PATIENCE);
        }
    }

    @Test
    void a_role_that_may_change_rows_but_no_tables_is_enough() {
        UUID saga = rows.saga("COMPLETED", 400);
        rows.action("stock", saga, 390);
        String role = "keeper_" + ProcessHandle.current().pid();
        database.jdbc().execute("create role " + role + " login");
        try (HikariDataSource pool = database.poolWithoutAutoCommit()) {
            database.jdbc().execute("grant select, insert, update, delete on all tables in schema public to " + role);
            DriverManagerDataSource as = new DriverManagerDataSource(pool.getJdbcUrl(), role, "");
            SagaRetention keeper =
                    new SagaRetention(new JdbcTemplate(as), new JdbcTransactionManager(as), SETTINGS, true, true);
            keeper.removeAll();
        } finally {
            database.jdbc().execute("drop owned by " + role);
            database.jdbc().execute("drop role " + role);
        }

        assertThat(rows.exists(saga)).isFalse();
        assertThat(rows.rows("saga_inbox_command", saga)).isZero();
    }

    private static long sum(List<SagaRetention> processes, What what) {
        return processes.stream()
                .flatMapToLong(process -> LongStream.of(process.removed(what)))
                .sum();
    }

    private static Connection holding(String sql, UUID saga) throws SQLException {
        Connection connection = database.dataSource().getConnection();
        connection.setAutoCommit(false);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, saga);
            statement.execute();
        }
        return connection;
    }
}
