package io.amends.test.memory;

import io.amends.test.memory.MemoryDatabase.Point;
import io.amends.test.memory.MemoryDatabase.RowId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
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
    private final Map<Object, Object> committed = new LinkedHashMap<>();

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
        database.reached(Point.STATEMENT);
        synchronized (database) {
            Map<Object, Object> all = new LinkedHashMap<>(committed);
            MemoryTransaction transaction = database.current();
            if (transaction != null) {
                transaction.changes().forEach((row, value) -> {
                    if (row.table() == this) {
                        value.ifPresentOrElse(there -> all.put(row.key(), there), () -> all.remove(row.key()));
                    }
                });
            }
            return all.values().stream().map(this::row).toList();
        }
    }

    /** Makes or replaces a row, which stays locked. */
    public void put(K key, V value) {
        change(key, transaction -> {
            transaction.changes().put(new RowId(this, key), Optional.of(value));
            return true;
        });
    }

    /** Makes a row unless there is one with that key; it stays locked. */
    public boolean insert(K key, V value) {
        return change(key, transaction -> {
            if (seen(transaction, new RowId(this, key)).isPresent()) {
                return false;
            }
            transaction.changes().put(new RowId(this, key), Optional.of(value));
            return true;
        });
    }

    /** Removes a row, if there is one. */
    public void remove(K key) {
        change(key, transaction -> {
            transaction.changes().put(new RowId(this, key), Optional.empty());
            return true;
        });
    }

    /** Locks a row until the transaction ends and reads it. */
    public Optional<V> lock(K key) {
        database.reached(Point.STATEMENT);
        MemoryTransaction transaction = running();
        RowId row = new RowId(this, key);
        database.lock(transaction, row);
        synchronized (database) {
            return seen(transaction, row);
        }
    }

    /** Likewise, unless another transaction has locked it: then it is as if it were not there. */
    public Optional<V> lockUnlessLocked(K key) {
        database.reached(Point.STATEMENT);
        MemoryTransaction transaction = running();
        RowId row = new RowId(this, key);
        synchronized (database) {
            return database.tryLock(transaction, row) ? seen(transaction, row) : Optional.empty();
        }
    }

    private MemoryTransaction running() {
        MemoryTransaction transaction = database.current();
        if (transaction == null) {
            throw new IllegalStateException("A row of %s can be locked in a transaction only.".formatted(name));
        }
        return transaction;
    }

    private boolean change(K key, Function<MemoryTransaction, Boolean> how) {
        database.reached(Point.STATEMENT);
        MemoryTransaction transaction = database.current();
        if (transaction != null) {
            database.lock(transaction, new RowId(this, key));
            synchronized (database) {
                return how.apply(transaction);
            }
        }
        MemoryTransaction own = new MemoryTransaction();
        boolean done = false;
        try {
            database.lock(own, new RowId(this, key));
            synchronized (database) {
                boolean changed = how.apply(own);
                done = true;
                return changed;
            }
        } finally {
            database.end(own, done);
        }
    }

    private Optional<V> seen(@Nullable MemoryTransaction transaction, RowId row) {
        Optional<Object> own =
                transaction == null ? null : transaction.changes().get(row);
        return own == null ? Optional.ofNullable(committed.get(row.key())).map(this::row) : own.map(this::row);
    }

    @SuppressWarnings("unchecked") // only put and insert write
    private V row(Object value) {
        return (V) value;
    }

    void write(Object key, Optional<Object> value) {
        value.ifPresentOrElse(there -> committed.put(key, there), () -> committed.remove(key));
    }

    @Override
    public String toString() {
        return name;
    }
}
