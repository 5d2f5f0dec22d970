package io.amends.twopc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class JdbcDecisionLogTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final TwoBanks banks = TwoBanks.open();
    private final DecisionLog log = banks.log();
    private final TransactionId id = TwoBanks.newId();

    @AfterEach
    void close() {
        banks.close();
    }

    @Test
    void the_first_decision_counts() {
        Decision commit = new Decision(
                id, Outcome.COMMIT, "one", List.of(new Decision.Branch("a", "7"), new Decision.Branch("b", null)));

        assertThat(log.commit(commit, LIMIT)).isTrue();
        assertThat(log.settle(Map.of(id, "two"), LIMIT)).containsExactly(Map.entry(id, commit));
        assertThat(log.find(List.of(id), LIMIT)).containsExactly(Map.entry(id, commit));
        assertThat(log.unfinished(10, LIMIT)).containsExactly(commit);

        TransactionId other = TwoBanks.newId();
        assertThat(log.settle(Map.of(other, "two"), LIMIT).get(other).outcome()).isEqualTo(Outcome.ABORT);
        assertThat(log.commit(new Decision(other, Outcome.COMMIT, "one", List.of()), LIMIT))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void to_settle_waits_for_a_decision_that_is_being_written(boolean committed) throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Connection writing = banks.poolLog.getConnection()) {
            writing.setAutoCommit(false);
            try (PreparedStatement insert = writing.prepareStatement(
                    "insert into twopc_decision (transaction_id, installation, coordinator, outcome) values (?, 'test', 'one', 'COMMIT')")) {
                insert.setObject(1, id.value());
                insert.executeUpdate();
            }
            Future<Map<TransactionId, Decision>> settled = thread.submit(() -> log.settle(Map.of(id, "two"), LIMIT));
            Awaitility.await()
                    .atMost(LIMIT)
                    .until(() -> !new JdbcTemplate(banks.poolLog)
                            .queryForList(
                                    "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")
                            .isEmpty());
            assertThat(settled).isNotDone();
            if (committed) {
                writing.commit();
            } else {
                writing.rollback();
            }
            writing.setAutoCommit(true);

            assertThat(settled.get(10, TimeUnit.SECONDS).get(id).outcome())
                    .isEqualTo(committed ? Outcome.COMMIT : Outcome.ABORT);
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void decisions_are_durable_where_a_database_is_careless() {
        JdbcTemplate jdbc = new JdbcTemplate(banks.poolLog);
        jdbc.execute("create table seen (synchronous text)");
        jdbc.execute("""
                create function look() returns trigger language plpgsql as
                  $$ begin insert into seen values (current_setting('synchronous_commit')); return null; end $$""");
        // At the end of the transaction, when the setting counts.
        jdbc.execute("""
                create constraint trigger look after insert on twopc_decision deferrable initially deferred
                  for each row execute function look()""");
        DriverManagerDataSource careless = new DriverManagerDataSource(
                banks.poolLog.getJdbcUrl() + "?options=-c%20synchronous_commit=off",
                banks.server.username(),
                banks.server.password());
        DecisionLog log = new JdbcDecisionLog(careless, TwoBanks.INSTALLATION);

        log.commit(new Decision(id, Outcome.COMMIT, "one", List.of()), LIMIT);
        log.settle(Map.of(TwoBanks.newId(), "one"), LIMIT);

        assertThat(jdbc.queryForList("select synchronous from seen", String.class))
                .containsExactly("on", "on");
    }

    @Test
    void a_log_that_is_away_has_certainly_written_nothing() {
        DecisionLog away = new JdbcDecisionLog(new DriverManagerDataSource("jdbc:postgresql://localhost:1/x"), "test");

        assertThatExceptionOfType(DecisionLogException.class)
                .isThrownBy(() -> away.commit(new Decision(id, Outcome.COMMIT, "one", List.of()), LIMIT))
                .satisfies(trouble -> assertThat(trouble.sent()).isFalse());
    }

    @Test
    void installations_that_share_a_log_do_not_see_each_other() {
        DecisionLog other = new JdbcDecisionLog(banks.poolLog, "other");
        log.commit(new Decision(id, Outcome.COMMIT, "one", List.of(new Decision.Branch("a", "7"))), LIMIT);

        assertThat(other.unfinished(10, LIMIT)).isEmpty();
        log.done(List.of(id), LIMIT);
        assertThat(other.forget(Duration.ZERO, LIMIT)).isZero();
        assertThat(log.forget(Duration.ZERO, LIMIT)).isOne();
    }
}
