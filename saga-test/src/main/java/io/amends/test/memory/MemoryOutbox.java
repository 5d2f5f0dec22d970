package io.amends.test.memory;

import io.amends.outbox.NoTransactionException;
import io.amends.outbox.Outbox;
import io.amends.outbox.OutboxLimits;
import io.amends.outbox.OutboxMessage;
import java.util.Collection;
import java.util.List;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * An outbox in a {@link MemoryDatabase}; its messages are in the order in which their transactions committed. Safe for use
 * by many threads.
 */
public final class MemoryOutbox implements Outbox {

    private final MemoryDatabase database;
    private final OutboxLimits limits;
    private final MemoryTable<Long, Pending> rows;

    /**
     * @param database whose transactions the messages join
     * @param limits what a message must keep
     */
    public MemoryOutbox(MemoryDatabase database, OutboxLimits limits) {
        this.database = database;
        this.limits = limits;
        this.rows = database.table("saga_outbox");
    }

    /** A committed message that waits for publication. */
    public record Pending(long id, OutboxMessage message) {}

    @Override
    public void appendAll(Collection<OutboxMessage> messages) {
        if (messages.isEmpty()) {
            return;
        }
        MemoryTransaction transaction = database.current();
        if (transaction == null || transaction.isEnded()) {
            throw new NoTransactionException(
                    "A message is appended in a running transaction on the outbox's database.");
        }
        if (TransactionSynchronizationManager.isCurrentTransactionReadOnly()) {
            throw new NoTransactionException("The running transaction is read-only; the outbox has to write.");
        }
        messages.forEach(limits::check);
        for (OutboxMessage message : messages) {
            long id = database.next();
            rows.put(id, new Pending(id, message));
        }
    }

    /** Up to that many messages that wait for publication, in order. */
    public List<Pending> pending(int most) {
        return rows.values().stream().limit(most).toList();
    }

    /** Notes that messages were published. */
    public void published(List<Pending> published) {
        published.forEach(row -> rows.remove(row.id()));
    }
}
