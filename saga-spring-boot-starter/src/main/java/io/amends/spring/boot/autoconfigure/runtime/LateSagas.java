package io.amends.spring.boot.autoconfigure.runtime;

import io.amends.runtime.SagaQuery;
import io.amends.runtime.SagaSnapshot;
import io.amends.runtime.Sagas;
import io.amends.runtime.StartedSaga;
import io.amends.saga.Reply;
import io.amends.saga.SagaKey;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Looks for the orchestrator when it is used, not when it is injected: so a saga class may itself use what starts sagas,
 * for instance to start the next one when it is completed.
 */
final class LateSagas implements Sagas {

    private final Supplier<Sagas> sagas;

    LateSagas(Supplier<Sagas> sagas) {
        this.sagas = sagas;
    }

    @Override
    public StartedSaga start(Class<?> sagaClass, Object data, SagaKey key) {
        return sagas.get().start(sagaClass, data, key);
    }

    @Override
    public StartedSaga start(String sagaName, Object data, SagaKey key) {
        return sagas.get().start(sagaName, data, key);
    }

    @Override
    public boolean signal(String sagaName, SagaKey key, String signal, Reply reply) {
        return sagas.get().signal(sagaName, key, signal, reply);
    }

    @Override
    public Optional<SagaSnapshot> find(UUID sagaId) {
        return sagas.get().find(sagaId);
    }

    @Override
    public Optional<SagaSnapshot> find(String sagaName, SagaKey key) {
        return sagas.get().find(sagaName, key);
    }

    @Override
    public List<SagaSnapshot> findAll(String sagaName, Collection<SagaKey> keys) {
        return sagas.get().findAll(sagaName, keys);
    }

    @Override
    public List<SagaSnapshot> search(SagaQuery query) {
        return sagas.get().search(query);
    }
}
