package io.amends.test.memory;

import io.amends.runtime.store.StoredSaga;
import io.amends.runtime.store.WaitingReplies;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.SagaMessage;
import io.amends.saga.definition.SagaDefinition;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Replies to instances of unregistered versions in a {@link MemoryDatabase}. Safe for use by many threads. */
public final class MemoryWaitingReplies implements WaitingReplies {

    private final MemoryTable<String, SagaMessage> replies;
    private final MemorySagaStore sagas;

    /** In that database, to instances in that store. */
    public MemoryWaitingReplies(MemoryDatabase database, MemorySagaStore sagas) {
        this.replies = database.table("saga_waiting_reply");
        this.sagas = sagas;
    }

    @Override
    public void keep(List<SagaMessage> messages) {
        messages.forEach(message -> replies.insert(message.record().place(), message));
        sagas.markUnhandled(
                messages.stream().map(SagaMessage::sagaId).distinct().toList());
    }

    @Override
    public List<InboundRecord> find(Collection<SagaDefinition> definitions, int most) {
        Map<UUID, StoredSaga> known = sagas.find(
                replies.values().stream().map(SagaMessage::sagaId).distinct().toList());
        return replies.values().stream()
                .filter(message -> isOfOne(known.get(message.sagaId()), definitions))
                .map(SagaMessage::record)
                .limit(most)
                .toList();
    }

    private static boolean isOfOne(@Nullable StoredSaga saga, Collection<SagaDefinition> definitions) {
        return saga != null && definitions.stream().anyMatch(definition -> MemorySagaStore.isOf(saga, definition));
    }

    @Override
    public void delete(List<InboundRecord> records) {
        records.forEach(record -> replies.remove(record.place()));
    }
}
