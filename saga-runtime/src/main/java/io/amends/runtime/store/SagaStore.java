package io.amends.runtime.store;

import io.amends.runtime.SagaQuery;
import io.amends.runtime.store.StoredSaga.Begun;
import io.amends.runtime.store.StoredSaga.Change;
import io.amends.saga.definition.SagaDefinition;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;

/**
 * The instances of an orchestrator. Every method takes part in the caller's transaction, works on any number of instances
 * with the same few statements, and goes by the store's own clock. Safe for use by many threads and processes. An
 * implementation passes the suites of saga-test whose names begin with Saga, such as {@code SagaStoreConformance}.
 */
public interface SagaStore {

    /**
     * Stores a new instance, with its steps and history; false if its business key was taken. Its times are stored as
     * far from the store's clock as they are from the given one.
     */
    boolean insert(StoredSaga saga, Change first, Instant now);

    /**
     * Stores new instances, each as {@link #insert} does; the same key may be among them twice, and the first has it.
     * Where there are several, the transaction may fail instead of waiting long for another one that is about to take one
     * of the keys; each can be stored in a transaction of its own then.
     *
     * @return the ids of those that were stored
     */
    default Set<UUID> insertAll(List<Begun> sagas) {
        return sagas.stream()
                .filter(begun -> insert(begun.saga(), begun.first(), begun.at()))
                .map(begun -> begun.saga().sagaId())
                .collect(Collectors.toSet());
    }

    /**
     * Stores what became of several instances.
     *
     * @throws OptimisticLockingFailureException if one of them changed since it was read; nothing may be committed then
     */
    void update(List<Change> changes);

    /** Lets an instance that this transaction has locked be of that version and fingerprint from now on. */
    void moveTo(UUID sagaId, SagaDefinition definition);

    /**
     * What a process that had that definition noted of it, as {@link io.amends.saga.definition.Fingerprint#text} has it;
     * empty where nobody did.
     */
    default Optional<String> noted(String sagaName, int version, String fingerprint) {
        return Optional.empty();
    }

    /** The instances with those ids, locked until the transaction ends, without a deadlock between two such calls. */
    Map<UUID, StoredSaga> lock(Collection<UUID> sagaIds);

    /** The instances with those ids. */
    Map<UUID, StoredSaga> find(Collection<UUID> sagaIds);

    /** The instances of that saga with those business keys. */
    Map<UUID, StoredSaga> find(String sagaName, Collection<String> keys);

    /**
     * Instances of those definitions that something is due for, soonest first, locked; what another transaction has
     * locked is left to it.
     */
    Map<UUID, StoredSaga> lockDue(Collection<SagaDefinition> definitions, int most);

    /** Lets instances that can't be moved on wait, the longer the more often that happened, but at most five minutes. */
    void postpone(List<UUID> sagaIds);

    /** The ids of the instances that the query is for, in the order in which they were started. */
    List<UUID> search(SagaQuery query);

    /** Which instances were started by steps of others. */
    SubSagaStore subSagas();

    /** Notes what an operator did. */
    void audit(AuditEntry entry);

    /**
     * What an operator wanted and what came of it.
     *
     * @param detail what the verb was given, null for nothing
     * @param outcome the name of the result
     */
    record AuditEntry(
            UUID sagaId,
            String verb,
            String operator,
            String reason,
            @Nullable String detail,
            String outcome,
            String phaseBefore,
            String phaseAfter) {}
}
