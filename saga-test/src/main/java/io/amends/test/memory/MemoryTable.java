package io.amends.test.memory;

import io.amends.test.memory.MemoryDatabase.Point;
import io.amends.test.memory.MemoryDatabase.RowId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A table of immutable rows by key, in the order in which they were first committed. Joins the caller's transaction, else
 * each call is one of its own. A handler of a test may keep its own state in one, and what it wrote is undone like the
 * rows of a real database. Safe for use by many threads.
 *
 * @param <K> its key, with equals and hashCode
 * @param <V> its rows
 */
public final class MemoryTable<K, V> {

    private final MemoryDatabase database;
    private final String name;
    private final Map<K, V> committed = new LinkedHashMap<>();

    MemoryTable(MemoryDatabase database, String name) {
        this.database = database;
        this.name = name;
    }

    /** The row with that key, as this transaction sees it. */
    public Optional<V> get(K key) {
        database.reached(Point.STATEMENT);
        synchronized (database) {
            return seen(database.current(), new RowId(this, key));
        }
    }

    /** All rows, as this transaction sees them. */
    public List<V> values() {
        return List.copyOf(entries().values());
    }

    /** All rows with their keys, as this transaction sees them. */
    public Map<K, V> entries() {
        database.reached(Point.STATEMENT);
        synchronized (database) {
            Map<K, V> all = new LinkedHashMap<>(committed);
            MemoryTransaction transaction = database.current();
            if (transaction != null) {
                transaction.changes().forEach((row, value) -> {
                    if (row.table() == this) {
                        value.ifPresentOrElse(there -> all.put(key(row), row(there)), () -> all.remove(key(row)));
                    }
                });
            }
            return Collections.unmodifiableMap(all);
        }
    }

    /** Makes or replaces a row, which stays locked. */
    public void put(K key, V value) {
        RowId row = new RowId(this, key);
        change(transaction -> {
            database.lock(transaction, row);
            transaction.changes().put(row, Optional.of(value));
            return true;
        });
    }

    /** Makes a row unless there is one with that key, which is not locked then; what was made stays locked. */
    public boolean insert(K key, V value) {
        RowId row = new RowId(this, key);
        return change(transaction -> {
            database.awaitChange(transaction, row);
            if (seen(transaction, row).isPresent()) {
                return false;
            }
            database.lock(transaction, row);
            transaction.changes().put(row, Optional.of(value));
            return true;
        });
    }

    /** Removes a row, if there is one. */
    public void remove(K key) {
        RowId row = new RowId(this, key);
        change(transaction -> {
            boolean there = locked(transaction, row, true).isPresent();
            if (there) {
                transaction.changes().put(row, Optional.empty());
            }
            return there;
        });
    }

    /** Locks a row until the transaction ends and reads it; one that is not there is not locked, as in PostgreSQL. */
    public Optional<V> lock(K key) {
        return lock(key, true);
    }

    /** Likewise, unless another transaction has locked it: then it is as if it were not there. */
    public Optional<V> lockUnlessLocked(K key) {
        return lock(key, false);
    }

    private Optional<V> lock(K key, boolean waiting) {
        database.reached(Point.STATEMENT);
        MemoryTransaction transaction = database.current();
        if (transaction == null) {
            throw new IllegalStateException("A row of %s can be locked in a transaction only.".formatted(name));
        }
        transaction.checkOpen(name);
        synchronized (database) {
            return locked(transaction, new RowId(this, key), waiting);
        }
    }

    /** What is not there, or was made by another transaction that is not over, is not locked. */
    private Optional<V> locked(MemoryTransaction transaction, RowId row, boolean waiting) {
        if (seen(transaction, row).isEmpty()) {
            return Optional.empty();
        }
        boolean had = transaction.locked().contains(row);
        if (waiting) {
            database.lock(transaction, row);
        } else if (!database.tryLock(transaction, row)) {
            return Optional.empty();
        }
        Optional<V> found = seen(transaction, row);
        if (found.isEmpty() && !had) {
            database.unlock(transaction, row);
        }
        return found;
    }

    private boolean change(Predicate<MemoryTransaction> how) {
        database.reached(Point.STATEMENT);
        MemoryTransaction transaction = database.current();
        if (transaction != null) {
            transaction.checkOpen(name);
            synchronized (database) {
                return how.test(transaction);
            }
        }
        MemoryTransaction own = new MemoryTransaction();
        boolean done = false;
        try {
            boolean result;
            synchronized (database) {
                result = how.test(own);
            }
            done = true;
            return result;
        } finally {
            database.end(own, done);
        }
    }

    private Optional<V> seen(@Nullable MemoryTransaction transaction, RowId row) {
        Optional<Object> own =
                transaction == null ? null : transaction.changes().get(row);
        return own == null ? Optional.ofNullable(committed.get(key(row))) : own.map(this::row);
    }

    @SuppressWarnings("unchecked") // only put and insert write
    private V row(Object value) {
        return (V) value;
    }

    @SuppressWarnings("unchecked") // likewise
    private K key(RowId row) {
        return (K) row.key();
    }

    void write(RowId row, Optional<Object> value) {
        value.ifPresentOrElse(there -> committed.put(key(row), row(there)), () -> committed.remove(key(row)));
    }

    void clear() {
        committed.clear();
    }

    @Override
    public String toString() {
        return name;
    }
}
