package io.amends.dashboard.verbs;

import io.amends.dashboard.language.Sentence;
import io.amends.runtime.SagaOperations.Result;
import java.util.List;
import java.util.UUID;

/**
 * What would come of an order, without giving it.
 *
 * @param sagaId of which saga
 * @param key its business key, empty if there is no such saga
 * @param result what the order would get
 * @param said what would follow, or why it would be refused
 * @param changes what of its data the order itself would change; empty for all verbs but an edit
 */
public record Foreseen(UUID sagaId, String key, Result result, Sentence said, List<DataChange> changes) {

    public Foreseen {
        changes = List.copyOf(changes);
    }

    /** Without a change of data. */
    Foreseen(UUID sagaId, String key, Result result, Sentence said) {
        this(sagaId, key, result, said, List.of());
    }

    /** What is said, in English. */
    public String text() {
        return said.english();
    }
}
