package io.amends.test.simulation;

import io.amends.runtime.store.Barrier;
import io.amends.runtime.store.OpenReplies;
import io.amends.runtime.store.ParticipantStore;
import io.amends.runtime.store.Redeliveries;
import io.amends.test.memory.MemoryDatabase;

/** A participant's store with whatever barrier the simulation is put together from. */
record BrokenPerhaps(ParticipantStore store, Parts parts, MemoryDatabase database) implements ParticipantStore {

    @Override
    public Barrier barrier(String participant) {
        return parts.barrier().apply(store.barrier(participant), database);
    }

    @Override
    public Redeliveries redeliveries(String participant) {
        return store.redeliveries(participant);
    }

    @Override
    public OpenReplies openReplies() {
        return store.openReplies();
    }
}
