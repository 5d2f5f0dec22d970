package io.amends.dashboard.verbs;

import io.amends.runtime.SagaOperations.Result;
import java.util.List;
import java.util.UUID;

/**
 * What would come of an order, without giving it.
 *
 * @param sagaId of which saga
 * @param key its business key, empty if there is no such saga
 * @param result what the order would get
 * @param text what would follow, or why it would be refused
 * @param changes what of its data the order itself would change; empty for all verbs but an edit
 */
public record Foreseen(UUID sagaId, String key, Result result, String text, List<DataChange> changes) {

    public Foreseen {
        changes = List.copyOf(changes);
    }

    /** Without a change of data. */
    Foreseen(UUID sagaId, String key, Result result, String text) {
        this(sagaId, key, result, text, List.of());
    }
}
