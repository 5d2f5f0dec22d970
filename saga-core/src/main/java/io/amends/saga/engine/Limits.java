package io.amends.saga.engine;

import io.amends.saga.definition.RetryPolicy;
import io.amends.saga.definition.StepDefinition;
import java.time.Duration;
import java.time.Instant;

/** How often and for how long a step's action or compensation may be tried. */
final class Limits {

    private Limits() {}

    static RetryPolicy policy(StepDefinition step, CommandKind kind) {
        return kind == CommandKind.ACTION ? step.retry() : step.compensationRetry();
    }

    /** How long a reply may take. */
    static Duration timeout(StepDefinition step, CommandKind kind) {
        Duration declared = kind == CommandKind.ACTION ? step.timeout() : step.compensationTimeout();
        return declared == null ? RetryPolicy.DEFAULT_TIMEOUT : declared;
    }

    /** Whether no further attempt is allowed. */
    static boolean isSpent(StepDefinition step, CommandKind kind, StepState current, Instant now) {
        RetryPolicy policy = policy(step, kind);
        return current.attempts() >= policy.attempts() || isTooLate(policy, current, now);
    }

    /** Whether an attempt at that time would be outside of the time for all of them. */
    static boolean isTooLate(RetryPolicy policy, StepState current, Instant next) {
        return policy.within() != null
                && current.firstSentAt() != null
                && next.isAfter(current.firstSentAt().plus(policy.within()));
    }
}
