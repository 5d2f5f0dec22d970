package io.amends.twopc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.amends.twopc.Probe.Point;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** An answer that does not come means in doubt, not rolled back: somebody has to be asked. */
@ParameterizedClass(name = "branches wrote before: {0}")
@ValueSource(booleans = {false, true})
class LostAnswerTest {

    private final TwoBanks banks = TwoBanks.open();

    LostAnswerTest(boolean wroteBefore) {
        banks.wroteBefore(wroteBefore);
    }

    @AfterEach
    void close() {
        banks.close();
    }

    private static DecisionLogException lost(boolean sent) {
        return new DecisionLogException("writing a commit", sent, new IOException("cut"));
    }

    @Test
    void a_decision_that_was_written_counts_though_its_answer_was_lost() throws Exception {
        DecisionLog cut = new ForwardingLog(banks.log()) {
            @Override
            public boolean commit(Decision decision, Duration limit) {
                super.commit(decision, limit);
                throw lost(true);
            }
        };
        try (TwoPhaseTransactions transactions = banks.coordinator("one", cut, Probe.NONE)) {
            TransactionId id = TwoBanks.transfer(transactions, 10);
            assertThat(transactions.outcome(id)).contains(Outcome.COMMIT);
        }
        assertThat(banks.balance(TwoBanks.B)).isEqualTo(110);
        assertThat(banks.violations()).isEmpty();
    }

    @Test
    void an_interrupted_caller_learns_what_counts_and_stays_interrupted() throws Exception {
        DecisionLog cut = new ForwardingLog(banks.log()) {
            @Override
            public boolean commit(Decision decision, Duration limit) {
                super.commit(decision, limit);
                Thread.currentThread().interrupt();
                throw lost(true);
            }

            @Override
            public Map<TransactionId, Decision> settle(Map<TransactionId, String> transactions, Duration limit) {
                // As a pool does that would have to wait for a connection.
                if (Thread.currentThread().isInterrupted()) {
                    throw lost(true);
                }
                return super.settle(transactions, limit);
            }
        };
        try (TwoPhaseTransactions transactions = banks.coordinator("one", cut, Probe.NONE)) {
            TwoBanks.transfer(transactions, 10);
            assertThat(Thread.interrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
        assertThat(banks.violations()).isEmpty();
        assertThat(banks.balance(TwoBanks.B)).isEqualTo(110);
    }

    @Test
    void a_decision_that_got_lost_aborts_and_can_not_come_later() {
        AtomicBoolean came = new AtomicBoolean(true);
        DecisionLog cut = new ForwardingLog(banks.log()) {
            @Override
            public boolean commit(Decision decision, Duration limit) {
                throw lost(true);
            }

            @Override
            public Map<TransactionId, Decision> settle(Map<TransactionId, String> transactions, Duration limit) {
                Map<TransactionId, Decision> settled = super.settle(transactions, limit);
                settled.keySet()
                        .forEach(id ->
                                came.set(super.commit(new Decision(id, Outcome.COMMIT, "one", List.of()), limit)));
                return settled;
            }
        };
        try (TwoPhaseTransactions transactions = banks.coordinator("one", cut, Probe.NONE)) {
            assertThatExceptionOfType(TransactionAbortedException.class)
                    .isThrownBy(() -> TwoBanks.transfer(transactions, 10));
        }
        assertThat(came).isFalse();
        assertThat(banks.balance(TwoBanks.B)).isEqualTo(100);
        assertThat(banks.violations()).isEmpty();
    }

    @Test
    void a_log_that_can_not_be_reached_aborts() {
        DecisionLog away = new ForwardingLog(banks.log()) {
            @Override
            public boolean commit(Decision decision, Duration limit) {
                throw lost(false);
            }
        };
        try (TwoPhaseTransactions transactions = banks.coordinator("one", away, Probe.NONE)) {
            assertThatExceptionOfType(TransactionAbortedException.class)
                    .isThrownBy(() -> TwoBanks.transfer(transactions, 10))
                    .satisfies(aborted -> assertThat(aborted.phase()).isEqualTo(Phase.DECISION));
        }
        assertThat(banks.violations()).isEmpty();
    }

    @Test
    void a_log_that_can_not_be_asked_leaves_the_transaction_in_doubt_until_it_can() {
        AtomicBoolean away = new AtomicBoolean();
        DecisionLog cut = new ForwardingLog(banks.log()) {
            @Override
            public boolean commit(Decision decision, Duration limit) {
                super.commit(decision, limit);
                away.set(true);
                throw lost(true);
            }

            @Override
            public Map<TransactionId, Decision> settle(Map<TransactionId, String> transactions, Duration limit) {
                if (away.get()) {
                    throw lost(true);
                }
                return super.settle(transactions, limit);
            }
        };
        try (TwoPhaseTransactions transactions =
                banks.coordinator("one", cut, Probe.NONE, RecoveryTest.deciding(Duration.ofSeconds(1)))) {
            TransactionInDoubtException doubt =
                    catchThrowableOfType(TransactionInDoubtException.class, () -> TwoBanks.transfer(transactions, 10));
            assertThat(banks.prepared()).hasSize(2);
            assertThat(transactions.inDoubt().branches())
                    .allSatisfy(branch -> assertThat(branch.advice()).contains("COMMIT PREPARED"));

            away.set(false);
            transactions.recover();
            assertThat(transactions.outcome(doubt.transaction())).contains(Outcome.COMMIT);
        }
        assertThat(banks.balance(TwoBanks.B)).isEqualTo(110);
        assertThat(banks.violations()).isEmpty();
    }

    @Test
    void the_only_bank_that_wrote_is_asked_what_became_of_it() throws Exception {
        banks.jdbc(TwoBanks.A).execute("create table proof (id integer)");
        try (TwoPhaseTransactions transactions = banks.coordinator("one")) {
            // The session ends itself while it commits, as if somebody else had ended it.
            TransactionAbortedException aborted = catchThrowableOfType(
                    TransactionAbortedException.class,
                    () -> transactions.executeWithoutResult(
                            transaction -> transaction.branch(TwoBanks.A, LostAnswerTest::endTheSessionAtCommit)));
            assertThat(aborted.phase()).isEqualTo(Phase.COMMIT);
        }
        assertThat(banks.jdbc(TwoBanks.A).queryForList("select id from proof")).isEmpty();
    }

    @Test
    void the_only_bank_that_wrote_has_committed_though_its_answer_was_lost() throws Exception {
        Participant cut = new JdbcParticipant(TwoBanks.A, new DelegatingDataSource(banks.poolA) {
            @Override
            public Connection getConnection() throws SQLException {
                return cutAfterCommit(super.getConnection());
            }
        });
        try (TwoPhaseTransactions transactions = new TwoPhaseTransactions(
                new CoordinatorName(TwoBanks.INSTALLATION, "one"),
                banks.log(),
                List.of(cut),
                TwoBanks.SETTINGS,
                UUID::randomUUID,
                () -> 0.5)) {
            transactions.executeWithoutResult(
                    transaction -> transaction.branch(TwoBanks.A, connection -> TwoBanks.add(connection, 0)));
            transactions.executeWithoutResult(transaction -> transaction.branch(TwoBanks.A, connection -> {
                try (var statement = connection.createStatement()) {
                    statement.execute("insert into account values (7, 7)");
                }
            }));
        }
        assertThat(banks.jdbc(TwoBanks.A).queryForList("select balance from account where id = 7", Long.class))
                .containsExactly(7L);
    }

    private static Connection cutAfterCommit(Connection real) {
        return (Connection) Proxy.newProxyInstance(
                LostAnswerTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(real, arguments);
                        if (method.getName().equals("commit")) {
                            throw new SQLException("cut", "08006");
                        }
                        return result;
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    private static void endTheSessionAtCommit(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("""
                    create function finish() returns trigger language plpgsql as
                      $$ begin perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(5); return null; end $$;
                    create constraint trigger finish after insert on proof deferrable initially deferred
                      for each row execute function finish();
                    insert into proof values (1)""");
        }
    }

    @Test
    void the_sessions_of_a_bank_or_of_the_log_may_end_at_every_point() throws Exception {
        int cases = 0;
        for (Point point : Point.values()) {
            for (String where : new String[] {"", TwoBanks.A, TwoBanks.B}) {
                for (String victim : new String[] {TwoBanks.A, TwoBanks.B, "log"}) {
                    cases += endSessions(point, where, victim);
                }
            }
        }
        // Four points of each branch and three of the transaction, with three victims each.
        assertThat(cases).isEqualTo((4 * 2 + 3) * 3);
    }

    private int endSessions(Point point, String where, String victim) throws Exception {
        String story = "the sessions of %s end at %s %s".formatted(victim, point, where);
        AtomicBoolean happened = new AtomicBoolean();
        Probe mishap = BrokenCoordinatorTest.once(point, where, () -> {
            happened.set(true);
            banks.terminate(victim);
        });
        long before = banks.balance(TwoBanks.B);
        Boolean committed;
        try (TwoPhaseTransactions transactions = banks.coordinator("one", banks.log(), mishap)) {
            try {
                TwoBanks.transfer(transactions, 1);
                committed = true;
            } catch (TransactionAbortedException aborted) {
                committed = false;
            } catch (TransactionInDoubtException doubt) {
                committed = null;
            }
            transactions.recover();
            assertThat(transactions.heuristics()).as(story).isEmpty();
        }
        assertThat(banks.violations()).as(story).isEmpty();
        if (committed != null) {
            assertThat(banks.balance(TwoBanks.B)).as(story).isEqualTo(committed ? before + 1 : before);
        }
        return happened.get() ? 1 : 0;
    }
}
