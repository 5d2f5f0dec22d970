package io.amends.outbox.inbox;

import io.amends.outbox.NoTransactionException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcAccessor;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Recognises repeats for any consumer, by message id, in the table {@code saga_inbox}. Safe for use by many threads.
 */
public final class Inbox {

    private final JdbcOperations jdbc;

    /** On that database. */
    public Inbox(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Claims messages for a consumer, in the transaction of their effect: process exactly those that are returned. One
     * statement for any number; where another transaction has claimed one and not yet ended, this waits for it.
     *
     * @param consumer a stable name of the consumer
     * @param messageIds the ids of a poll, repeats allowed
     * @return the ids that no earlier transaction claimed
     * @throws NoTransactionException outside a transaction on the inbox's database
     */
    public Set<UUID> claim(String consumer, List<UUID> messageIds) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new NoTransactionException(
                    "Inbox.claim was called outside a transaction. Claim in the transaction of the effect, or a crash between the two loses the message.");
        }
        if (jdbc instanceof JdbcAccessor accessor
                && accessor.getDataSource() != null
                && !TransactionSynchronizationManager.hasResource(plain(accessor.getDataSource()))) {
            throw new NoTransactionException(
                    "The running transaction is not on the inbox's DataSource, so that claim and effect would not commit together. Name the transaction manager of that DataSource in @Transactional.");
        }
        if (messageIds.isEmpty()) {
            return Set.of();
        }
        // Sorted, so that two consumers never wait for each other crosswise.
        Object[] ids = messageIds.stream().distinct().sorted().toArray();
        return new HashSet<>(jdbc.query(
                """
                insert into saga_inbox (consumer, message_id)
                select ?, m.id from unnest(?::uuid[]) with ordinality m (id, ordinal) order by m.ordinal
                on conflict do nothing
                returning message_id""",
                statement -> {
                    statement.setString(1, consumer);
                    statement.setArray(2, statement.getConnection().createArrayOf("uuid", ids));
                },
                (row, number) -> row.getObject(1, UUID.class)));
    }

    /** Takes a claim of the running transaction back. */
    void forget(String consumer, UUID messageId) {
        jdbc.update("delete from saga_inbox where consumer = ? and message_id = ?", consumer, messageId);
    }

    /** What a transaction manager binds its connection under. */
    private static DataSource plain(DataSource dataSource) {
        return dataSource instanceof TransactionAwareDataSourceProxy proxy && proxy.getTargetDataSource() != null
                ? proxy.getTargetDataSource()
                : dataSource;
    }
}
