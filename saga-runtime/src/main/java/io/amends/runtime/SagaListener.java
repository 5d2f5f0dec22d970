package io.amends.runtime;

import io.amends.saga.engine.SagaPhase;
import java.util.List;
import java.util.UUID;

/**
 * Hears of sagas that changed, after the change was committed and in the process that made it. For waking waiters and
 * refreshing pages; a crash may lose a call, so nothing that must happen belongs here. Called on framework threads: it
 * must be quick, and what it throws is logged.
 */
@FunctionalInterface
public interface SagaListener {

    /** The sagas that one committed transaction changed. */
    void changed(List<Change> changes);

    /**
     * One changed saga.
     *
     * @param sagaId its id
     * @param name the definition's name
     * @param key its business key
     * @param phase where it stands now
     */
    record Change(UUID sagaId, String name, String key, SagaPhase phase) {}
}
