package io.amends.spring.boot.autoconfigure.inbox;

import io.amends.outbox.inbox.RetrySettings;
import io.amends.spring.boot.autoconfigure.InvalidSagaPropertiesException;
import io.amends.spring.boot.autoconfigure.PropertyProblems;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the inbox. Immutable; values that can't work are refused all at once, see
 * {@link InvalidSagaPropertiesException}.
 *
 * @param enabled Whether this process runs its idempotent listeners.
 * @param concurrency Threads that read, for each listener; more than its topics have partitions stay idle.
 * @param maxPollRecords Most messages that are handled in one transaction.
 * @param attempts How many times a message whose handler throws is tried before it is parked with its key.
 * @param backoff Longest pause before the second attempt; doubles with each further one. The actual pause is random below
 *     it, so that messages that failed together do not come back together.
 * @param backoffMax Longest pause between two attempts.
 * @param retention How long the ids of messages are remembered, from the time in them. Must be at least as long as the
 *     topics keep their records.
 */
@ConfigurationProperties("saga.inbox")
public record InboxProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("1") int concurrency,
        @DefaultValue("500") int maxPollRecords,
        @DefaultValue("5") int attempts,
        @DefaultValue("200ms") Duration backoff,
        @DefaultValue("30s") Duration backoffMax,
        @DefaultValue("8d") Duration retention) {

    /**
     * Checks the values together.
     *
     * @throws InvalidSagaPropertiesException if any can't work; it lists all of them
     */
    public InboxProperties {
        PropertyProblems problems = new PropertyProblems();
        problems.within("saga.inbox.concurrency", concurrency, 1, 256);
        problems.within("saga.inbox.max-poll-records", maxPollRecords, 1, 10_000);
        problems.within("saga.inbox.attempts", attempts, 1, 1000);
        problems.notNegative("saga.inbox.backoff", backoff);
        problems.ordered("saga.inbox.backoff", backoff, "saga.inbox.backoff-max", backoffMax);
        problems.atLeast("saga.inbox.retention", retention, Duration.ofDays(1));
        problems.throwIfAny();
    }

    RetrySettings retries() {
        return new RetrySettings(attempts, backoff, backoffMax);
    }
}
