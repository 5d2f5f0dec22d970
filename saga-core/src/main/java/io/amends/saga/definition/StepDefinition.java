package io.amends.saga.definition;

import io.amends.saga.Escalation;
import io.amends.saga.StepKind;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a {@link SagaDefinition}. Immutable.
 *
 * @param name unique in the saga; what running instances store as their position
 * @param order steps of equal order run in parallel and join
 * @param kind compensatable, pivot or retriable
 * @param action what the step does
 * @param compensation what undoes it, null where nothing does
 * @param replyHandlers take replies into the data, those of general types before those of types that they include
 * @param timeout how long a reply may take, null for the default (of a signal: for ever)
 * @param retry how the action is tried again
 * @param onExhausted what follows once the action's attempts are spent
 * @param compensationTimeout how long a reply to the compensation may take, null for the default
 * @param compensationRetry how the compensation is tried again
 * @param sla by when a signal is expected, null for no matter when
 */
public record StepDefinition(
        String name,
        int order,
        StepKind kind,
        StepAction action,
        @Nullable StepAction compensation,
        List<ReplyHandler> replyHandlers,
        @Nullable Duration timeout,
        RetryPolicy retry,
        Escalation onExhausted,
        @Nullable Duration compensationTimeout,
        RetryPolicy compensationRetry,
        @Nullable Duration sla) {

    public StepDefinition {
        replyHandlers = List.copyOf(replyHandlers);
    }
}
