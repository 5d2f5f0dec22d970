package io.amends.test.conformance;

import io.amends.runtime.store.SagaStore;
import io.amends.runtime.store.SagaStore.AuditEntry;
import io.amends.runtime.store.StoredSaga.HistoryEntry;
import io.amends.runtime.store.WaitingReplies;
import java.util.List;
import java.util.UUID;

/** What an orchestrator keeps, and how to read what it only writes. */
public interface OrchestratorFixture extends ClockedFixture {

    /** The store of instances. */
    SagaStore sagas();

    /** The store of replies to versions that nobody has, to instances of {@link #sagas()}. */
    WaitingReplies waitingReplies();

    /** What is stored of an instance's history, by its logical clock. */
    List<HistoryEntry> history(UUID sagaId);

    /** What is stored of operators' doings with an instance, in order. */
    List<AuditEntry> audit(UUID sagaId);
}
