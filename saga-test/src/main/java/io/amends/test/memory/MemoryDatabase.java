package io.amends.test.memory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * A database in memory for tests: tables of immutable rows, transactions at READ COMMITTED with row locks and savepoints,
 * driven by Spring's transactions as a real one is. Whoever wants a row that another transaction has changed or locked
 * waits for it, and gets an error after a limit; within one thread, where the other can't go on, at once. Outside a
 * transaction each operation is one of its own. Safe for use by many threads.
 */
public final class MemoryDatabase {

    private static final Duration LOCK_LIMIT = Duration.ofSeconds(10);

    private final String name;
    private final InstantSource clock;
    private final MemoryTransactionManager transactions = new MemoryTransactionManager(this);
    private final Map<Object, MemoryTransaction> locks = new HashMap<>();
    private final Map<String, MemoryTable<?, ?>> tables = new HashMap<>();
    private volatile Probe probe = point -> {};
    private long sequence;

    /**
     * @param name for errors
     * @param clock this database's clock, which no machine's clock need agree with
     */
    public MemoryDatabase(String name, InstantSource clock) {
        this.name = name;
        this.clock = clock;
    }

    /** Where a test may look in, let others run, or throw as a broken connection would. */
    public enum Point {
        /** Before a table is read or changed. */
        STATEMENT,
        /** Before a transaction's changes become visible; to throw here rolls it back. */
        BEFORE_COMMIT,
        /** After they did; to throw here leaves the caller in the dark. */
        AFTER_COMMIT
    }

    /** Is told of each point, in the thread that is there. */
    @FunctionalInterface
    public interface Probe {

        /** Returns for nothing to happen. */
        void at(Point point);
    }

    /** Sets what is told of each point; the last one set counts. */
    public void probe(Probe toTell) {
        this.probe = toTell;
    }

    /** Its transactions. */
    public PlatformTransactionManager transactions() {
        return transactions;
    }

    /** The table of that name; empty at first, and the same one each time. Its name stands for one type of rows. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public synchronized <K, V> MemoryTable<K, V> table(String tableName) {
        return (MemoryTable<K, V>)
                tables.computeIfAbsent(tableName, key -> new MemoryTable<>(this, name + "." + tableName));
    }

    /** The time by its clock. */
    public Instant now() {
        return clock.instant();
    }

    /** The next number of a sequence, which no rollback takes back. */
    public synchronized long next() {
        return ++sequence;
    }

    /** Forgets every row; the tables stay. No transaction may be running. */
    public synchronized void clear() {
        tables.values().forEach(MemoryTable::clear);
        locks.clear();
    }

    void reached(Point point) {
        probe.at(point);
    }

    @Nullable
    MemoryTransaction current() {
        return (MemoryTransaction) TransactionSynchronizationManager.getResource(this);
    }

    /** A row of a table. */
    record RowId(MemoryTable<?, ?> table, Object key) {}

    /** Locks a row until the transaction ends; waits for who has it. */
    synchronized void lock(MemoryTransaction transaction, RowId row) {
        await(row, () -> tryLock(transaction, row));
    }

    /** Waits until no other transaction that is not over has changed a row; who only locked it is not waited for. */
    synchronized void awaitChange(MemoryTransaction transaction, RowId row) {
        await(row, () -> {
            MemoryTransaction holder = locks.get(row);
            return holder == null || holder == transaction || !holder.changes().containsKey(row);
        });
    }

    private synchronized void await(RowId row, BooleanSupplier free) {
        long limit = System.nanoTime() + LOCK_LIMIT.toNanos();
        while (!free.getAsBoolean()) {
            MemoryTransaction holder = locks.get(row);
            long left = limit - System.nanoTime();
            if (left <= 0 || (holder != null && holder.isOfThisThread())) {
                throw new CannotAcquireLockException(
                        "Another transaction has locked row %s of %s.".formatted(row.key(), row.table()));
            }
            try {
                wait(Math.max(1, left / 1_000_000));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new CannotAcquireLockException("Interrupted while waiting for a row of " + row.table());
            }
        }
    }

    synchronized boolean tryLock(MemoryTransaction transaction, RowId row) {
        MemoryTransaction holder = locks.putIfAbsent(row, transaction);
        if (holder == null) {
            transaction.locked().add(row);
        }
        return holder == null || holder == transaction;
    }

    synchronized void unlock(MemoryTransaction transaction, RowId row) {
        transaction.locked().remove(row);
        locks.remove(row);
        notifyAll();
    }

    /** Undoes what was changed and frees what was locked since the savepoint. */
    synchronized void rollbackTo(MemoryTransaction transaction, MemoryTransaction.Savepoint savepoint) {
        List.copyOf(transaction.locked()).stream()
                .filter(row -> !savepoint.locked().contains(row))
                .forEach(row -> unlock(transaction, row));
        transaction.rollbackTo(savepoint);
    }

    synchronized void end(MemoryTransaction transaction, boolean commit) {
        if (commit) {
            transaction.changes().forEach((row, value) -> row.table().write(row, value));
        }
        transaction.locked().forEach(locks::remove);
        // A transaction may be ended twice, when its commit threw; the second time it has nothing any more.
        transaction.ended();
        notifyAll();
    }
}
