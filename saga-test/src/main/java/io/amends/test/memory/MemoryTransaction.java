package io.amends.test.memory;

import io.amends.test.memory.MemoryDatabase.RowId;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What one transaction has changed and locked; belongs to the thread that began it. */
final class MemoryTransaction {

    private final Thread thread = Thread.currentThread();
    private final Set<RowId> locked = new LinkedHashSet<>();
    private Map<RowId, Optional<Object>> changes = new LinkedHashMap<>();
    private boolean rollbackOnly;
    private boolean ended;

    /** What was changed and locked at some moment. */
    record Savepoint(Map<RowId, Optional<Object>> changes, Set<RowId> locked) {}

    boolean isOfThisThread() {
        return thread == Thread.currentThread();
    }

    Set<RowId> locked() {
        return locked;
    }

    /** New values by row; empty for a row that is removed. */
    Map<RowId, Optional<Object>> changes() {
        return changes;
    }

    Savepoint savepoint() {
        return new Savepoint(new LinkedHashMap<>(changes), Set.copyOf(locked));
    }

    /** Whoever doomed the transaction since did so for what is undone now. */
    void rollbackTo(Savepoint savepoint) {
        changes = new LinkedHashMap<>(savepoint.changes());
        rollbackOnly = false;
    }

    void ended() {
        ended = true;
        locked.clear();
        changes.clear();
    }

    boolean isEnded() {
        return ended;
    }

    void checkOpen(String table) {
        if (ended) {
            throw new IllegalStateException(
                    "The transaction has ended; a row of %s can be changed in a new one (PROPAGATION_REQUIRES_NEW) only."
                            .formatted(table));
        }
    }

    void rollbackOnly() {
        rollbackOnly = true;
    }

    boolean isRollbackOnly() {
        return rollbackOnly;
    }
}
