package io.amends.runtime.store;

import io.amends.saga.definition.SagaDefinition;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Instances that wait for a participant which takes no actions at the moment. Every method is one statement, or two, in
 * the caller's transaction. Safe for use by many threads and processes.
 */
public interface HeldSteps {

    /** A store without holds. */
    HeldSteps NONE = new HeldSteps() {
        @Override
        public Set<String> waitedFor(Collection<SagaDefinition> definitions, Set<String> participants) {
            return Set.of();
        }

        @Override
        public Map<UUID, StoredSaga> lockHeld(Collection<SagaDefinition> definitions, String participant, int most) {
            return Map.of();
        }

        @Override
        public void requeue(String participant, List<UUID> sagaIds) {
            // nobody waits
        }
    };

    /** Those of the participants that a running instance of those definitions waits for. */
    Set<String> waitedFor(Collection<SagaDefinition> definitions, Set<String> participants);

    /**
     * Running instances of those definitions with a step that waits for that participant, longest waiting first, locked;
     * what another transaction has locked is left to it.
     */
    Map<UUID, StoredSaga> lockHeld(Collection<SagaDefinition> definitions, String participant, int most);

    /** Lets instances that can't be moved on wait behind all others. */
    void requeue(String participant, List<UUID> sagaIds);
}
