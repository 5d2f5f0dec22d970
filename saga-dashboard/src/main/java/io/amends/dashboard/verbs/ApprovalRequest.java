package io.amends.dashboard.verbs;

import io.amends.dashboard.audit.Operator;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one operator asks for and another one decides.
 *
 * @param id its id
 * @param sagaId of which saga
 * @param verb what
 * @param seenRevision the saga's revision that who asks looked at; approval counts for that one only
 * @param askedBy who asks
 * @param reason why
 * @param askedAt when, by the database's clock
 * @param expiresAt until when it can be approved
 * @param state where it stands
 * @param decidedBy who decided, null while nobody did
 * @param actionId the line of the audit of what was carried out, null if nothing was
 */
public record ApprovalRequest(
        UUID id,
        UUID sagaId,
        ConsoleVerb verb,
        long seenRevision,
        Operator askedBy,
        String reason,
        Instant askedAt,
        Instant expiresAt,
        State state,
        @Nullable String decidedBy,
        @Nullable Long actionId) {

    /** Where a request stands. */
    public enum State {
        /** Nobody decided. */
        OPEN,
        /** Nobody decided in time. */
        EXPIRED,
        /** Somebody else approved, and it was ordered. */
        APPROVED,
        /** Somebody else declined. */
        DECLINED,
        /** Who asked took it back. */
        WITHDRAWN
    }
}
