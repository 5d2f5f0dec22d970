package io.amends.test.memory;

import io.amends.runtime.store.StoredSaga;
import io.amends.runtime.store.WaitingReplies;
import io.amends.runtime.wire.SagaMessage;
import io.amends.saga.definition.SagaDefinition;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Replies to instances of unregistered versions in a {@link MemoryDatabase}. Safe for use by many threads. */
public final class MemoryWaitingReplies implements WaitingReplies {

    private final MemoryTable<String, Kept> replies;
    private final AtomicLong arrivals = new AtomicLong();
    private final MemorySagaStore sagas;

    private record Kept(SagaMessage message, long arrival) {

        Waiting waiting() {
            return new Waiting(message.record(), arrival);
        }
    }

    /** In that database, to instances in that store. */
    public MemoryWaitingReplies(MemoryDatabase database, MemorySagaStore sagas) {
        this.replies = database.table("saga_waiting_reply");
        this.sagas = sagas;
    }

    @Override
    public void keep(List<SagaMessage> messages) {
        messages.forEach(
                message -> replies.insert(message.record().place(), new Kept(message, arrivals.incrementAndGet())));
        sagas.markUnhandled(
                messages.stream().map(SagaMessage::sagaId).distinct().toList());
    }

    @Override
    public List<Waiting> find(Collection<SagaDefinition> definitions, int most) {
        Map<UUID, StoredSaga> known = sagas.find(replies.values().stream()
                .map(kept -> kept.message().sagaId())
                .distinct()
                .toList());
        return replies.values().stream()
                .filter(kept -> isOfOne(known.get(kept.message().sagaId()), definitions))
                .map(Kept::waiting)
                .limit(most)
                .toList();
    }

    private static boolean isOfOne(@Nullable StoredSaga saga, Collection<SagaDefinition> definitions) {
        return saga != null && definitions.stream().anyMatch(definition -> MemorySagaStore.isOf(saga, definition));
    }

    @Override
    public void delete(List<Waiting> done) {
        Map<String, Kept> there = replies.entries();
        for (Waiting one : done) {
            Kept kept = there.get(one.record().place());
            if (kept != null && kept.arrival() == one.arrival()) {
                replies.remove(one.record().place());
            }
        }
    }
}
