package io.amends.test.memory;

import io.amends.runtime.store.SagaStore;
import io.amends.runtime.store.SagaStore.AuditEntry;
import io.amends.runtime.store.StoredSaga.HistoryEntry;
import io.amends.runtime.store.WaitingReplies;
import io.amends.test.conformance.OrchestratorFixture;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.springframework.transaction.PlatformTransactionManager;

/** What an orchestrator keeps in memory, for the suites. */
public class MemoryOrchestrator implements OrchestratorFixture {

    private final MovableClock clock = new MovableClock();
    private final MemoryDatabase database = new MemoryDatabase("orchestrator", clock);
    private final MemorySagaStore sagas = new MemorySagaStore(database);
    private final MemoryWaitingReplies waiting = new MemoryWaitingReplies(database, sagas);

    @Override
    public SagaStore sagas() {
        return sagas;
    }

    @Override
    public WaitingReplies waitingReplies() {
        return waiting;
    }

    @Override
    public List<HistoryEntry> history(UUID sagaId) {
        return sagas.history(sagaId);
    }

    @Override
    public List<AuditEntry> audit(UUID sagaId) {
        return sagas.audit().stream()
                .filter(entry -> entry.sagaId().equals(sagaId))
                .toList();
    }

    @Override
    public PlatformTransactionManager transactions() {
        return database.transactions();
    }

    @Override
    public void timePasses(Duration duration) {
        clock.passes(duration);
    }

    /** A clock that stands still until it is told otherwise. */
    static final class MovableClock implements InstantSource {

        private volatile Instant now = Instant.parse("2033-03-03T03:03:03Z");

        void passes(Duration duration) {
            now = now.plus(duration);
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
