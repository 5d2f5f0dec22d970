package io.amends.runtime.orchestrator;

import io.amends.runtime.sql.Arguments;
import io.amends.saga.definition.RetryPolicy;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.StepAction;
import io.amends.saga.definition.StepDefinition;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * The table {@code saga_definition_step}: what of the definitions tells, in SQL and where no process has them, how an
 * instance goes on and when a step takes too long. Two statements, whatever the number of definitions.
 */
final class DefinitionSteps {

    private DefinitionSteps() {}

    /** A step and whose. */
    private record Row(SagaDefinition definition, StepDefinition step) {

        @Nullable
        Long timeout() {
            return millis(timeoutOf(step.action(), step.timeout()));
        }

        /** Null for ever. */
        @Nullable
        Long patience() {
            return patienceOf(step.action(), step.timeout(), step.retry());
        }

        @Nullable
        Long compensationTimeout() {
            StepAction undo = step.compensation();
            return undo == null ? null : millis(timeoutOf(undo, step.compensationTimeout()));
        }

        @Nullable
        Long compensationPatience() {
            StepAction undo = step.compensation();
            return undo == null ? null : patienceOf(undo, step.compensationTimeout(), step.compensationRetry());
        }

        private static @Nullable Duration timeoutOf(StepAction action, @Nullable Duration declared) {
            return declared == null && action instanceof StepAction.Remote ? RetryPolicy.DEFAULT_TIMEOUT : declared;
        }

        /** Nobody's word is asked for twice: who is late with it is so after the first time. */
        private static @Nullable Long patienceOf(StepAction action, @Nullable Duration declared, RetryPolicy retry) {
            if (action instanceof StepAction.Await) {
                return millis(declared);
            }
            Duration timeout = timeoutOf(action, declared);
            return millis(retry.longest(timeout == null ? Duration.ZERO : timeout));
        }

        private static @Nullable Long millis(@Nullable Duration time) {
            return time == null ? null : time.toMillis();
        }
    }

    /** Notes the steps of those definitions, in place of what was noted of them before. */
    static void note(JdbcOperations jdbc, List<SagaDefinition> definitions) {
        List<Row> rows = definitions.stream()
                .flatMap(definition -> definition.steps().stream().map(step -> new Row(definition, step)))
                .toList();
        jdbc.update(
                """
                delete from saga_definition_step s
                 where (s.saga_name, s.saga_version) in (select * from unnest(?::text[], ?::int[]))
                   and (s.saga_name, s.saga_version, s.step) not in (select * from unnest(?::text[], ?::int[], ?::text[]))""",
                new Arguments.Plain()
                        .array("text", definitions, SagaDefinition::name)
                        .array("int", definitions, SagaDefinition::version)
                        .array("text", rows, row -> row.definition().name())
                        .array("int", rows, row -> row.definition().version())
                        .array("text", rows, row -> row.step().name()));
        jdbc.update(
                """
                insert into saga_definition_step as s
                       (saga_name, saga_version, step, position, kind, does, participant, timeout_ms, attempts,
                        patience_ms, on_exhausted, compensation, compensation_timeout_ms, compensation_attempts,
                        compensation_patience_ms)
                select * from unnest(?::text[], ?::int[], ?::text[], ?::int[], ?::text[], ?::text[], ?::text[],
                                     ?::bigint[], ?::int[], ?::bigint[], ?::text[], ?::text[], ?::bigint[], ?::int[],
                                     ?::bigint[])
                 order by 1, 2, 3
                on conflict (saga_name, saga_version, step) do update
                   set position = excluded.position, kind = excluded.kind, does = excluded.does,
                       participant = excluded.participant, timeout_ms = excluded.timeout_ms,
                       attempts = excluded.attempts, patience_ms = excluded.patience_ms,
                       on_exhausted = excluded.on_exhausted, compensation = excluded.compensation,
                       compensation_timeout_ms = excluded.compensation_timeout_ms,
                       compensation_attempts = excluded.compensation_attempts,
                       compensation_patience_ms = excluded.compensation_patience_ms
                 where s is distinct from excluded""",
                new Arguments.Plain()
                        .array("text", rows, row -> row.definition().name())
                        .array("int", rows, row -> row.definition().version())
                        .array("text", rows, row -> row.step().name())
                        .array("int", rows, row -> row.step().order())
                        .array("text", rows, row -> row.step().kind().name())
                        .array("text", rows, row -> does(row.step().action()))
                        .array("text", rows, row -> participant(row.step().action()))
                        .array("bigint", rows, Row::timeout)
                        .array("int", rows, row -> row.step().retry().attempts())
                        .array("bigint", rows, Row::patience)
                        .array("text", rows, row -> row.step().onExhausted().name())
                        .array(
                                "text",
                                rows,
                                row -> row.step().compensation() == null
                                        ? null
                                        : does(row.step().compensation()))
                        .array("bigint", rows, Row::compensationTimeout)
                        .array(
                                "int",
                                rows,
                                row -> row.step().compensation() == null
                                        ? null
                                        : row.step().compensationRetry().attempts())
                        .array("bigint", rows, Row::compensationPatience));
    }

    private static String does(StepAction action) {
        if (action instanceof StepAction.Remote remote) {
            return remote.starts() == null ? "COMMAND" : "SUB_SAGA";
        }
        return action instanceof StepAction.Await ? "SIGNAL" : "LOCAL";
    }

    private static @Nullable String participant(StepAction action) {
        return action instanceof StepAction.Remote remote ? remote.participant() : null;
    }
}
