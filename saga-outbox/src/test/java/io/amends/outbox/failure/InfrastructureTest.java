package io.amends.outbox.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

class InfrastructureTest {

    @ParameterizedTest
    @ValueSource(strings = {"08006", "08001", "57P01", "57P03", "53300", "53100", "58030", "40001", "40P01", "55P03"})
    void states_that_pass_mean_away_whatever_wraps_them(String state) {
        assertThat(Infrastructure.isAway(wrapped(new SQLException("x", state)))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"23503", "25P02", "54000", "57014", "22001", "42P01"})
    void states_that_one_message_causes_do_not_even_where_spring_sees_a_lost_database(String state) {
        SQLException told = new SQLException("x", state);
        assertThat(Infrastructure.isAway(wrapped(told))).isFalse();
        assertThat(Infrastructure.isAway(new DataAccessResourceFailureException("x", told)))
                .isFalse();
        assertThat(Infrastructure.isAway(new QueryTimeoutException("x", told))).isFalse();
        assertThat(Infrastructure.isAway(new TransactionSystemException("x", told)))
                .isFalse();
        assertThat(Infrastructure.isAway(new CannotCreateTransactionException("x", told)))
                .isFalse();
    }

    @Test
    void without_a_state_the_class_decides() {
        assertThat(Infrastructure.isAway(new CannotCreateTransactionException("x", new SQLException("pool closed"))))
                .isTrue();
        assertThat(Infrastructure.isAway(wrapped(new SQLTransientConnectionException("no free connection"))))
                .isTrue();
        assertThat(Infrastructure.isAway(new OptimisticLockingFailureException("x")))
                .isTrue();
        assertThat(Infrastructure.isAway(new IllegalStateException("x"))).isFalse();
        assertThat(Infrastructure.isAway(wrapped(new SQLException("x")))).isFalse();
    }

    @Test
    void a_lost_race_is_told_from_a_lost_database() {
        RuntimeException race = wrapped(new SQLException("deadlock detected", "40P01"));
        RuntimeException lost = wrapped(new SQLException("broken", "08006"));
        assertThat(Infrastructure.lostRace(race)).isTrue();
        assertThat(Infrastructure.lostRace(lost)).isFalse();
        Infrastructure.rethrowIfUnreachable(race);
        assertThatThrownBy(() -> Infrastructure.rethrowIfUnreachable(lost)).isSameAs(lost);
        assertThatThrownBy(() -> Infrastructure.rethrowIfAway(race)).isSameAs(race);
    }

    @Test
    void a_lock_that_was_not_free_is_told_from_other_lost_races() {
        RuntimeException locked = wrapped(new SQLException("canceling statement due to lock timeout", "55P03"));
        RuntimeException deadlock = wrapped(new SQLException("deadlock detected", "40P01"));
        assertThat(Infrastructure.lockNotFree(locked)).isTrue();
        assertThat(Infrastructure.lostRace(locked)).isTrue();
        assertThat(Infrastructure.lockNotFree(deadlock)).isFalse();
    }

    @Test
    void causes_that_go_round_in_a_circle_end() {
        RuntimeException one = new RuntimeException("one");
        one.initCause(new RuntimeException("two", one));
        assertThat(Infrastructure.isAway(one)).isFalse();
    }

    private static RuntimeException wrapped(SQLException told) {
        return new IllegalStateException("a handler's own", new RuntimeException(told));
    }
}
