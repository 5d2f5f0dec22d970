package io.amends.test.memory;

import io.amends.runtime.store.ParticipantStore;
import io.amends.test.conformance.ParticipantFixture;
import io.amends.test.memory.MemoryOrchestrator.MovableClock;
import java.time.Duration;
import org.springframework.transaction.PlatformTransactionManager;

/** What a participant keeps in memory, for the suites. */
public class MemoryParticipant implements ParticipantFixture {

    private final MovableClock clock = new MovableClock();
    private final MemoryDatabase database = new MemoryDatabase("participant", clock);
    private final MemoryParticipantStore store = new MemoryParticipantStore(database);

    @Override
    public ParticipantStore store() {
        return store;
    }

    @Override
    public PlatformTransactionManager transactions() {
        return database.transactions();
    }

    @Override
    public void timePasses(Duration duration) {
        clock.passes(duration);
    }
}
