package io.amends.dashboard.verbs;

import io.amends.saga.definition.RetryPolicy;
import io.amends.saga.engine.SagaPhase;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcOperations;

/** Where a saga stands, read in the transaction of an order, which has its row from then on. */
record Standing(
        String name, int version, SagaPhase phase, long revision, long clock, boolean isPaused, boolean isTurnedBack) {

    /** How late an answer may be after the time that its step may take. */
    private static final Duration ALLOWANCE = Duration.ofMinutes(1);

    /** Of a step whose definition no process has noted. */
    private static final Duration UNKNOWN_STEP = RetryPolicy.DEFAULT.longest(RetryPolicy.DEFAULT_TIMEOUT);

    /** What is under way: steps that wait for something other than a person's word. */
    record UnderWay(List<String> steps, Duration mayTake) {}

    /** The saga with that id, whose row nobody else changes until the transaction ends; empty if there is none. */
    static Optional<Standing> locked(JdbcOperations jdbc, UUID sagaId) {
        return jdbc.query("""
                        select saga_name, saga_version, phase, row_version, hlc, pause_reason, cause_code
                          from saga_instance where saga_id = ? for update""", (row, number) -> of(row), sagaId).stream().findFirst();
    }

    private static Standing of(ResultSet row) throws SQLException {
        return new Standing(
                row.getString("saga_name"),
                row.getInt("saga_version"),
                SagaPhase.valueOf(row.getString("phase")),
                row.getLong("row_version"),
                row.getLong("hlc"),
                row.getString("pause_reason") != null,
                row.getString("cause_code") != null);
    }

    /** What is under way in the saga; how long it may take is each step's own declared time. */
    static UnderWay underWay(JdbcOperations jdbc, UUID sagaId) {
        record Step(String name, long mayTake) {}
        List<Step> steps = jdbc.query(
                """
                select s.step,
                       coalesce(case s.status when 'COMPENSATING' then d.compensation_patience_ms else d.patience_ms end,
                                ?) as may_take
                  from saga_step s
                  join saga_instance i using (saga_id)
                  left join saga_definition_step d using (saga_name, saga_version, step)
                 where s.saga_id = ? and i.phase in ('RUNNING', 'COMPENSATING') and i.pause_reason is null
                   and (s.status = 'COMPENSATING'
                        or ((s.status = 'SENT' or s.held_for is not null) and d.does is distinct from 'SIGNAL'))
                 order by s.step""",
                (row, number) -> new Step(row.getString("step"), row.getLong("may_take")),
                UNKNOWN_STEP.toMillis(),
                sagaId);
        long longest = steps.stream().mapToLong(Step::mayTake).max().orElse(0);
        return new UnderWay(
                steps.stream().map(Step::name).toList(),
                Duration.ofMillis(longest).plus(ALLOWANCE));
    }
}
