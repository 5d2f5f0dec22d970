package io.amends.twopc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.twopc.Probe.Point;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@ParameterizedClass(name = "branches wrote before: {0}")
@ValueSource(booleans = {false, true})
class TwoPhaseCommitTest {

    private final TwoBanks banks = TwoBanks.open();
    private final List<Point> points = new CopyOnWriteArrayList<>();
    private final boolean wroteBefore;
    private final TwoPhaseTransactions transactions;

    TwoPhaseCommitTest(boolean wroteBefore) {
        this.wroteBefore = wroteBefore;
        transactions =
                banks.wroteBefore(wroteBefore).coordinator("one", banks.log(), (point, branch) -> points.add(point));
    }

    @AfterEach
    void close() {
        assertThat(banks.violations()).isEmpty();
        assertThat(idleInTransaction()).isZero();
        assertThat(banks.poolA.getHikariPoolMXBean().getActiveConnections()).isZero();
        transactions.close();
        banks.close();
    }

    private long idleInTransaction() {
        Long idle = banks.jdbc(TwoBanks.A)
                .queryForObject(
                        "select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'",
                        Long.class);
        return idle == null ? -1 : idle;
    }

    @Test
    void both_banks_commit() throws Exception {
        TransactionId id = TwoBanks.transfer(transactions, 10);

        assertThat(banks.balance(TwoBanks.A)).isEqualTo(90);
        assertThat(banks.balance(TwoBanks.B)).isEqualTo(110);
        assertThat(transactions.outcome(id)).contains(Outcome.COMMIT);
        transactions.recover();
        assertThat(banks.log().unfinished(10, Duration.ofSeconds(5))).isEmpty();
    }

    @Test
    void what_the_work_throws_passes_on_and_rolls_all_back() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> transactions.executeWithoutResult(transaction -> {
                    TwoBanks.move(transaction, 10);
                    throw new IOException("no");
                }))
                .withMessage("no");

        assertThat(banks.balance(TwoBanks.A)).isEqualTo(100);
        assertThat(points).isEmpty();
    }

    @Test
    void a_branch_that_cannot_prepare_rolls_all_back() {
        banks.jdbc(TwoBanks.B).execute("alter table account add column other integer");
        banks.jdbc(TwoBanks.B).execute("create table parent (id integer primary key)");
        banks.jdbc(TwoBanks.B)
                .execute(
                        "alter table account add constraint late foreign key (other) references parent deferrable initially deferred");

        assertThatExceptionOfType(TransactionAbortedException.class)
                .isThrownBy(() -> transactions.executeWithoutResult(transaction -> {
                    transaction.branch(TwoBanks.A, connection -> TwoBanks.add(connection, -10));
                    transaction.branch(TwoBanks.B, connection -> run(connection, "update account set other = 7"));
                }))
                .satisfies(aborted -> {
                    assertThat(aborted.phase()).isEqualTo(Phase.PREPARE);
                    assertThat(aborted.branch()).isEqualTo(TwoBanks.B);
                    assertThat(aborted).hasMessageContaining("23503");
                });
        assertThat(banks.balance(TwoBanks.A)).isEqualTo(100);
    }

    @Test
    void a_failed_statement_whose_exception_was_swallowed_rolls_all_back() {
        assertThatExceptionOfType(TransactionAbortedException.class)
                .isThrownBy(() -> transactions.executeWithoutResult(transaction -> {
                    transaction.branch(TwoBanks.A, connection -> TwoBanks.add(connection, -10));
                    transaction.branch(TwoBanks.B, connection -> {
                        TwoBanks.add(connection, 10);
                        assertThatThrownBy(() -> run(connection, "select 1 / 0"))
                                .isInstanceOf(SQLException.class);
                    });
                }))
                .withMessageContaining("25P02");
    }

    @Test
    void a_transaction_that_wrote_at_one_bank_is_neither_prepared_nor_logged() throws SQLException {
        if (wroteBefore) {
            // Taken for one that writes like those before, it is prepared in vain; then it is asked again.
            readAtOneAndOpenAtTheOther(3);
            assertThat(points).isNotEmpty();
            assertThat(decisions()).isOne();
            points.clear();
        }
        long decided = decisions();

        readAtOneAndOpenAtTheOther(2);

        assertThat(points).isEmpty();
        assertThat(decisions()).isEqualTo(decided);
        assertThat(banks.jdbc(TwoBanks.B).queryForList("select id from account", Integer.class))
                .contains(2);
    }

    private void readAtOneAndOpenAtTheOther(int account) throws SQLException {
        transactions.executeWithoutResult(transaction -> {
            transaction.branch(TwoBanks.A, connection -> run(connection, "select balance from account"));
            transaction.branch(
                    TwoBanks.B, connection -> run(connection, "insert into account values (%d, 0)".formatted(account)));
        });
    }

    @Test
    void one_that_only_read_is_not_told_the_decision() throws SQLException {
        transactions.executeWithoutResult(
                transaction -> transaction.branch(TwoBanks.A, connection -> run(connection, "select 1")));

        assertThat(points).isEmpty();
        assertThat(decisions()).isZero();
    }

    private long decisions() {
        Long counted =
                new JdbcTemplate(banks.poolLog).queryForObject("select count(*) from twopc_decision", Long.class);
        return counted == null ? -1 : counted;
    }

    @Test
    void the_same_branch_again_is_the_same_transaction() throws Exception {
        long seen = transactions.execute(transaction -> {
            transaction.branch(TwoBanks.A, connection -> TwoBanks.add(connection, -10));
            transaction.branch(TwoBanks.B, connection -> TwoBanks.add(connection, 10));
            return transaction.query(TwoBanks.A, connection -> {
                try (var rows = connection.createStatement().executeQuery("select balance from account")) {
                    rows.next();
                    return rows.getLong(1);
                }
            });
        });

        assertThat(seen).isEqualTo(90);
    }

    @Test
    void a_branch_does_not_end_its_transaction_itself() {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> transactions.executeWithoutResult(transaction -> {
                    TwoBanks.move(transaction, 10);
                    transaction.branch(TwoBanks.A, Connection::commit);
                }))
                .withMessageContaining("coordinator");
        assertThat(banks.balance(TwoBanks.A)).isEqualTo(100);
    }

    @Test
    void a_branch_may_choose_its_isolation_level() throws Exception {
        String level = transactions.execute(transaction -> {
            transaction.branch(
                    TwoBanks.A, connection -> run(connection, "set transaction isolation level serializable"));
            return transaction.query(TwoBanks.A, connection -> {
                try (var row = connection.createStatement().executeQuery("show transaction_isolation")) {
                    row.next();
                    return row.getString(1);
                }
            });
        });

        assertThat(level).isEqualTo("serializable");
    }

    @Test
    void springs_templates_take_part_in_a_branch() throws SQLException {
        JdbcTemplate jdbc = new JdbcTemplate(banks.poolA);
        TransactionTemplate inner = new TransactionTemplate(new JdbcTransactionManager(banks.poolA));

        assertThatIllegalStateException()
                .isThrownBy(() -> transactions.executeWithoutResult(transaction -> {
                    transaction.branch(
                            TwoBanks.A,
                            connection -> inner.executeWithoutResult(
                                    status -> jdbc.update("update account set balance = balance - 10")));
                    throw new IllegalStateException("rolls back what both did");
                }));
        assertThat(banks.balance(TwoBanks.A)).isEqualTo(100);

        transactions.executeWithoutResult(transaction -> {
            transaction.branch(TwoBanks.A, connection -> jdbc.update("update account set balance = balance - 10"));
            transaction.branch(TwoBanks.B, connection -> TwoBanks.add(connection, 10));
        });
        assertThat(banks.balance(TwoBanks.A)).isEqualTo(90);
    }

    @Test
    void a_spring_transaction_in_a_branch_that_is_marked_for_rollback_rolls_all_back() {
        TransactionTemplate inner = new TransactionTemplate(new JdbcTransactionManager(banks.poolA));

        assertThatExceptionOfType(TransactionAbortedException.class)
                .isThrownBy(() -> transactions.executeWithoutResult(transaction -> {
                    TwoBanks.move(transaction, 10);
                    transaction.branch(
                            TwoBanks.A, connection -> inner.executeWithoutResult(status -> status.setRollbackOnly()));
                }));
        assertThat(banks.balance(TwoBanks.B)).isEqualTo(100);
    }

    @Test
    void a_spring_transaction_around_it_is_refused_since_it_would_not_take_part() {
        TransactionTemplate outer = new TransactionTemplate(new JdbcTransactionManager(banks.poolA));

        assertThatIllegalStateException()
                .isThrownBy(() -> outer.executeWithoutResult(
                        status -> transactions.executeWithoutResult(transaction -> transaction.id())))
                .withMessageContaining("outside of it");
    }

    @Test
    void an_unknown_participant_is_told_with_the_known_ones() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> transactions.executeWithoutResult(
                        transaction -> transaction.branch("bank-c", connection -> run(connection, "select 1"))))
                .withMessageContaining("bank-c")
                .withMessageContaining("bank-a");
    }

    @Test
    void work_that_loses_a_deadlock_runs_again() throws Exception {
        banks.jdbc(TwoBanks.A).execute("insert into account values (2, 0)");
        CyclicBarrier bothHaveOne = new CyclicBarrier(2);
        AtomicInteger runs = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<?> one = threads.submit(() -> touch(1, 2, bothHaveOne, runs));
            Future<?> other = threads.submit(() -> touch(2, 1, bothHaveOne, runs));
            one.get(20, TimeUnit.SECONDS);
            other.get(20, TimeUnit.SECONDS);
        } finally {
            threads.shutdownNow();
        }

        assertThat(runs).hasValue(3);
        assertThat(banks.jdbc(TwoBanks.A).queryForList("select balance from account where id = 2", Long.class))
                .containsExactly(2L);
        banks.jdbc(TwoBanks.A).execute("update account set balance = balance - 2 where id = 1");
    }

    private Void touch(int first, int second, CyclicBarrier bothHaveOne, AtomicInteger runs) throws Exception {
        transactions.executeWithoutResult(transaction -> {
            int run = runs.incrementAndGet();
            transaction.branch(TwoBanks.A, connection -> increment(connection, first));
            if (run <= 2) {
                bothHaveOne.await(10, TimeUnit.SECONDS);
            }
            transaction.branch(TwoBanks.A, connection -> increment(connection, second));
            transaction.branch(TwoBanks.B, connection -> run(connection, "update account set balance = balance"));
        });
        return null;
    }

    private static void increment(Connection connection, int account) throws SQLException {
        run(connection, "update account set balance = balance + 1 where id = " + account);
    }

    @Test
    void a_serialisation_conflict_that_shows_at_the_end_runs_again_and_not_for_ever() {
        AtomicInteger runs = new AtomicInteger();

        assertThatExceptionOfType(TransactionAbortedException.class)
                .isThrownBy(() -> transactions.executeWithoutResult(transaction -> {
                    runs.incrementAndGet();
                    transaction.branch(TwoBanks.A, connection -> TwoBanks.add(connection, -10));
                    transaction.branch(TwoBanks.B, connection -> loseAtTheEnd(connection));
                }))
                .withMessageContaining("40001");

        assertThat(runs).hasValue(TwoBanks.SETTINGS.attempts());
        assertThat(banks.balance(TwoBanks.A)).isEqualTo(100);
    }

    /** A deferred trigger fails as a serialisation conflict does that PREPARE finds. */
    private static void loseAtTheEnd(Connection connection) throws SQLException {
        run(connection, """
                create table conflict (id integer);
                create function lose() returns trigger language plpgsql as
                  $$ begin raise exception 'conflict' using errcode = '40001'; end $$;
                create constraint trigger lose after insert on conflict deferrable initially deferred
                  for each row execute function lose();
                insert into conflict values (1)""");
    }

    @Test
    void work_has_a_limit() {
        TwoPhaseSettings hasty = RecoveryTest.working(Duration.ofSeconds(1));
        try (TwoPhaseTransactions limited = banks.coordinator("two", banks.log(), Probe.NONE, hasty)) {
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> limited.executeWithoutResult(transaction ->
                            transaction.branch(TwoBanks.A, connection -> run(connection, "select pg_sleep(20)"))))
                    .satisfies(cancelled -> assertThat(cancelled.getSQLState()).isEqualTo("57014"));
            assertThatExceptionOfType(TransactionAbortedException.class)
                    .isThrownBy(() -> limited.executeWithoutResult(transaction -> {
                        TwoBanks.move(transaction, 10);
                        banks.jdbc(TwoBanks.B).execute("select pg_sleep(1.1)");
                    }))
                    .withMessageContaining("work-timeout");
        }
    }

    @Test
    void a_bank_that_is_away_is_told_and_nothing_happened() {
        Participant away =
                new JdbcParticipant(TwoBanks.B, new DriverManagerDataSource("jdbc:postgresql://localhost:1/x"));
        try (TwoPhaseTransactions alone = new TwoPhaseTransactions(
                new CoordinatorName(TwoBanks.INSTALLATION, "two"),
                banks.log(),
                List.of(banks.participants().get(0), away),
                TwoBanks.SETTINGS,
                UUID::randomUUID,
                () -> 0.5)) {
            assertThatExceptionOfType(TransactionAbortedException.class)
                    .isThrownBy(() -> TwoBanks.transfer(alone, 10))
                    .satisfies(aborted -> {
                        assertThat(aborted.phase()).isEqualTo(Phase.WORK);
                        assertThat(aborted.branch()).isEqualTo(TwoBanks.B);
                    });
        }
        assertThat(banks.balance(TwoBanks.A)).isEqualTo(100);
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
