package io.amends.test.memory;

import io.amends.runtime.store.Barrier;
import io.amends.runtime.store.OpenReplies;
import io.amends.runtime.store.ParticipantStore;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What participants keep in a {@link MemoryDatabase}. Safe for use by many threads. */
public final class MemoryParticipantStore implements ParticipantStore {

    private final MemoryDatabase database;
    private final Map<String, MemoryBarrier> barriers = new ConcurrentHashMap<>();
    private final Map<String, MemoryRedeliveries> redeliveries = new ConcurrentHashMap<>();

    private final MemoryOpenReplies openReplies;

    /** In that database. */
    public MemoryParticipantStore(MemoryDatabase database) {
        this.database = database;
        this.openReplies = new MemoryOpenReplies(database, this::memoryBarrier);
    }

    @Override
    public Barrier barrier(String participant) {
        return memoryBarrier(participant);
    }

    private MemoryBarrier memoryBarrier(String participant) {
        return barriers.computeIfAbsent(participant, name -> new MemoryBarrier(database, name));
    }

    @Override
    public MemoryRedeliveries redeliveries(String participant) {
        return redeliveries.computeIfAbsent(participant, name -> new MemoryRedeliveries(database, name));
    }

    /** When a command of any participant is to be delivered again next, empty if none waits. */
    public Optional<Instant> nextRedelivery() {
        return redeliveries.values().stream()
                .flatMap(waiting -> waiting.nextAt().stream())
                .min(Comparator.naturalOrder());
    }

    @Override
    public OpenReplies openReplies() {
        return openReplies;
    }
}
