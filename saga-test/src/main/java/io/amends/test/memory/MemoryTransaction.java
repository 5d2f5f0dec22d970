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

    Map<RowId, Optional<Object>> savepoint() {
        return new LinkedHashMap<>(changes);
    }

    /** What was locked since stays locked, as in PostgreSQL until the end of the transaction at the latest. */
    void rollbackTo(Map<RowId, Optional<Object>> savepoint) {
        changes = new LinkedHashMap<>(savepoint);
    }

    void clear() {
        locked.clear();
        changes.clear();
    }

    void rollbackOnly() {
        rollbackOnly = true;
    }

    boolean isRollbackOnly() {
        return rollbackOnly;
    }
}
