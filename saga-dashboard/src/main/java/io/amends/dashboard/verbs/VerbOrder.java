package io.amends.dashboard.verbs;

import io.amends.dashboard.audit.Operator;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an operator orders.
 *
 * @param sagaId of which saga
 * @param verb what
 * @param operator who
 * @param reason why
 * @param seenRevision the saga's revision that they looked at; nothing is done if it is another one now
 * @param idempotencyKey under which a repeat of the same order is recognised and not carried out again, null for none
 */
public record VerbOrder(
        UUID sagaId,
        ConsoleVerb verb,
        Operator operator,
        String reason,
        long seenRevision,
        @Nullable String idempotencyKey) {

    public VerbOrder {
        if (reason.isBlank()) {
            throw new IllegalArgumentException("An order says why: give a reason.");
        }
    }
}
