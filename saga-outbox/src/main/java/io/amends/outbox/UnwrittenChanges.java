package io.amends.outbox;

/**
 * Changes of the running transaction that are not in the database yet, as those of JPA entities before a flush. The outbox
 * has them written first, so that the rows that its messages tell of are locked before the messages get their positions.
 * Safe for use by many threads.
 */
@FunctionalInterface
public interface UnwrittenChanges {

    /** Nothing is held back, as with plain JDBC. */
    UnwrittenChanges NONE = () -> {};

    /** Writes what the current thread's transaction holds back; what it throws rolls the transaction back. */
    void flush();
}
