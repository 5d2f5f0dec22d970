package io.amends.runtime;

import io.amends.saga.Reply;
import io.amends.saga.SagaKey;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Starts sagas and looks at them. Safe for use by many threads. */
public interface Sagas {

    /**
     * Starts a saga, in the caller's transaction where there is one, else in one of its own. Once that transaction has
     * committed, the saga survives any crash.
     *
     * @param sagaClass the class that carries {@link io.amends.saga.Saga}
     * @param data the saga's first data
     * @param key the business key; the same key always yields the same saga
     * @return the new instance, or the one that was started before with the same key and body
     * @throws SagaKeyConflictException if the key was used with different data; nothing was started
     * @throws SagaOverloadedException if too much is on its way already, see {@code saga.flow}; nothing
     *     was started. Without a transaction of the caller's, this may wait for its turn first
     * @throws IllegalArgumentException if the class is not a registered saga or the data is not of its type
     */
    StartedSaga start(Class<?> sagaClass, Object data, SagaKey key);

    /** Likewise, for a saga that was made with the builder: its newest registered version of that name. */
    StartedSaga start(String sagaName, Object data, SagaKey key);

    /**
     * Gives the word that a step waits for, in the caller's transaction where there is one.
     *
     * @param signal the signal's name
     * @param reply the word: a success lets the saga go on, a rejection turns it back
     * @return whether a step was waiting for it; if not, nothing was changed, but the history has a line
     * @throws IllegalArgumentException if there is no such instance, no step of it ever waits for a reply of that type, or the
     *     reply is neither a success nor a rejection
     */
    boolean signal(String sagaName, SagaKey key, String signal, Reply reply);

    /** The instance with that id. */
    Optional<SagaSnapshot> find(UUID sagaId);

    /** The instance of that saga with that business key. */
    Optional<SagaSnapshot> find(String sagaName, SagaKey key);

    /** The instances with those business keys, in no order; one statement for all of them. */
    List<SagaSnapshot> findAll(String sagaName, Collection<SagaKey> keys);

    /**
     * The instances that the query describes, in the order in which they were started; three statements, with
     * sub-sagas four, whatever their number. Instances of versions that this process does not have are left out.
     */
    List<SagaSnapshot> search(SagaQuery query);
}
