package io.amends.dashboard.verbs;

import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Under which circumstances an order is carried out.
 *
 * @param approvedBy the second person, null for none
 * @param requestId the request that they approved, null for none
 * @param runId the run that it is part of, null for none
 * @param patience how long its outcome is waited for at most, null for as long as the steps may take
 */
public record Circumstances(
        @Nullable String approvedBy,
        @Nullable UUID requestId,
        @Nullable UUID runId,
        @Nullable Duration patience) {

    /** By one operator, of one saga. */
    public static final Circumstances ALONE = new Circumstances(null, null, null, null);
}
