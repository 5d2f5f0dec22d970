package io.amends.test.simulation;

import io.amends.runtime.SagaQuery;
import io.amends.runtime.store.SagaStore;
import io.amends.runtime.store.StoredSaga;
import io.amends.runtime.store.StoredSaga.Change;
import io.amends.runtime.store.SubSagaStore;
import io.amends.saga.definition.SagaDefinition;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Stores of sagas that forget, or look at the wrong clock. */
final class BrokenStores {

    private BrokenStores() {}

    private static class Sound implements SagaStore {

        final SagaStore real;

        Sound(SagaStore real) {
            this.real = real;
        }

        @Override
        public boolean insert(StoredSaga saga, Change first, Instant now) {
            return real.insert(saga, first, now);
        }

        @Override
        public void update(List<Change> changes) {
            real.update(changes);
        }

        @Override
        public void moveTo(UUID sagaId, SagaDefinition definition) {
            real.moveTo(sagaId, definition);
        }

        @Override
        public Map<UUID, StoredSaga> lock(Collection<UUID> sagaIds) {
            return real.lock(sagaIds);
        }

        @Override
        public Map<UUID, StoredSaga> find(Collection<UUID> sagaIds) {
            return real.find(sagaIds);
        }

        @Override
        public Map<UUID, StoredSaga> find(String sagaName, Collection<String> keys) {
            return real.find(sagaName, keys);
        }

        @Override
        public Map<UUID, StoredSaga> lockDue(Collection<SagaDefinition> definitions, int most) {
            return real.lockDue(definitions, most);
        }

        @Override
        public void postpone(List<UUID> sagaIds) {
            real.postpone(sagaIds);
        }

        @Override
        public SubSagaStore subSagas() {
            return real.subSagas();
        }

        @Override
        public List<UUID> search(SagaQuery query) {
            return real.search(query);
        }

        @Override
        public void audit(AuditEntry entry) {
            real.audit(entry);
        }
    }

    static final class NoVersion extends Sound {

        NoVersion(SagaStore real) {
            super(real);
        }

        @Override
        public Map<UUID, StoredSaga> lock(Collection<UUID> sagaIds) {
            return real.find(sagaIds);
        }

        @Override
        public void update(List<Change> changes) {
            real.update(changes.stream()
                    .map(change -> new Change(
                            change.sagaId(),
                            Optional.ofNullable(
                                            real.find(List.of(change.sagaId())).get(change.sagaId()))
                                    .map(StoredSaga::rowVersion)
                                    .orElse(0L),
                            change.state(),
                            change.reason(),
                            change.data(),
                            change.sequence(),
                            change.clock(),
                            change.attributes(),
                            change.dueExactly(),
                            change.changedSteps(),
                            change.history()))
                    .toList());
        }
    }

    static final class LocalClock extends Sound {

        private final InstantSource clock;

        LocalClock(SagaStore real, InstantSource clock) {
            super(real);
            this.clock = clock;
        }

        @Override
        public Map<UUID, StoredSaga> lockDue(Collection<SagaDefinition> definitions, int most) {
            Map<UUID, StoredSaga> due = new LinkedHashMap<>(real.lockDue(definitions, most));
            due.replaceAll((id, saga) -> readAt(saga, clock.instant()));
            return due;
        }

        private static StoredSaga readAt(StoredSaga saga, Instant time) {
            return new StoredSaga(
                    saga.sagaId(),
                    saga.name(),
                    saga.version(),
                    saga.fingerprint(),
                    saga.key(),
                    saga.bodyHash(),
                    saga.phase(),
                    saga.reasonCode(),
                    saga.reason(),
                    saga.cause(),
                    saga.data(),
                    saga.rowVersion(),
                    saga.sequence(),
                    saga.clock(),
                    saga.deadlineAt(),
                    saga.overdue(),
                    saga.pause(),
                    saga.createdAt(),
                    saga.updatedAt(),
                    time,
                    saga.attributes(),
                    saga.steps());
        }
    }

    static final class StartForgotten extends Sound {

        private int starts;

        StartForgotten(SagaStore real) {
            super(real);
        }

        @Override
        public boolean insert(StoredSaga saga, Change first, Instant now) {
            return ++starts % 3 == 0 || real.insert(saga, first, now);
        }
    }
}
