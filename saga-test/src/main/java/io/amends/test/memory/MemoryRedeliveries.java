package io.amends.test.memory;

import io.amends.runtime.isolation.LockWait;
import io.amends.runtime.store.Barrier;
import io.amends.runtime.store.Redeliveries;
import io.amends.runtime.wire.SagaMessage;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Commands to deliver again in a {@link MemoryDatabase}. Semantic locks are kept in PostgreSQL only, so that no command
 * waits for one here. Safe for use by many threads.
 */
public final class MemoryRedeliveries implements Redeliveries {

    private final MemoryDatabase database;
    private final MemoryTable<Long, Waiting> rows;
    private final MemoryTable<Barrier.Key, Long> keys;

    /** In that database, for that participant. */
    public MemoryRedeliveries(MemoryDatabase database, String participant) {
        this.database = database;
        this.rows = database.table("saga_inbox_redelivery/" + participant);
        this.keys = database.table("saga_inbox_redelivery_key/" + participant);
    }

    private record Waiting(Barrier.Key key, Row row, Instant nextAt) {}

    @Override
    public void add(SagaMessage message, String error, long waitMillis) {
        keep(message, 1, error, waitMillis);
    }

    @Override
    public boolean awaitRow(SagaMessage message, String error, long waitMillis) {
        return keep(message, 0, error, waitMillis);
    }

    private boolean keep(SagaMessage message, int attempts, String error, long waitMillis) {
        long id = database.next();
        Barrier.Key key = new Barrier.Key(message.sagaId(), message.step(), message.kind());
        if (keys.insert(key, id)) {
            rows.put(
                    id,
                    new Waiting(
                            key,
                            new Row(id, attempts, error, message.record()),
                            database.now().plusMillis(waitMillis)));
            return true;
        }
        keys.get(key)
                .flatMap(rows::lockUnlessLocked)
                .ifPresent(there -> rows.put(
                        there.row().id(),
                        new Waiting(
                                key,
                                new Row(
                                        there.row().id(),
                                        there.row().attempts(),
                                        there.row().error(),
                                        message.record()),
                                there.nextAt())));
        return false;
    }

    @Override
    public int awaitLocks(List<SagaMessage> messages, Map<Barrier.Key, LockWait> waits) {
        throw new UnsupportedOperationException(
                "Semantic locks are kept in PostgreSQL; a participant that uses them can't be run in memory.");
    }

    @Override
    public void hasten(List<Barrier.Key> hastened) {
        Set<Barrier.Key> wanted = new HashSet<>(hastened);
        for (Waiting waiting : rows.values()) {
            if (wanted.contains(waiting.key())) {
                rows.lockUnlessLocked(waiting.row().id())
                        .ifPresent(there ->
                                rows.put(there.row().id(), new Waiting(there.key(), there.row(), database.now())));
            }
        }
    }

    @Override
    public List<Long> due(int most) {
        return rows.values().stream()
                .filter(waiting -> !waiting.nextAt().isAfter(database.now()))
                .sorted(Comparator.comparing(Waiting::nextAt))
                .map(waiting -> waiting.row().id())
                .limit(most)
                .toList();
    }

    /** When the next command is due, empty if none waits. */
    public Optional<Instant> nextAt() {
        return rows.values().stream().map(Waiting::nextAt).min(Comparator.naturalOrder());
    }

    @Override
    public Optional<Row> lock(long id) {
        return rows.lockUnlessLocked(id).map(Waiting::row);
    }

    @Override
    public void postpone(long id, int attempts, String error, long waitMillis) {
        rows.lock(id)
                .ifPresent(waiting -> rows.put(
                        id,
                        new Waiting(
                                waiting.key(),
                                new Row(id, attempts, error, waiting.row().record()),
                                database.now().plusMillis(waitMillis))));
    }

    @Override
    public int delete(long id) {
        rows.get(id).ifPresent(waiting -> {
            keys.remove(waiting.key());
            rows.remove(id);
        });
        return 0;
    }
}
