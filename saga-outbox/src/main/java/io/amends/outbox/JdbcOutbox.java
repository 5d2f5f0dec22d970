package io.amends.outbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The outbox in the table {@code saga_outbox}. Messages are gathered in the transaction and written with one statement
 * just before it commits, after everything else was flushed: the rows that the messages tell of are locked by then, so
 * that the order of positions is the order of commits for every key.
 */
public final class JdbcOutbox implements Outbox {

    private static final Logger log = LoggerFactory.getLogger(JdbcOutbox.class);

    private static final String INSERT = """
            insert into saga_outbox (id, aggregatetype, aggregateid, type, payload, headers, bucket)
            select m.id, m.topic, m.key, m.type, m.payload, m.headers, m.bucket
              from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::bytea[], ?::bytea[], ?::smallint[])
                   with ordinality m (id, topic, key, type, payload, headers, bucket, ordinal)
             order by m.ordinal""";

    private final DataSource dataSource;
    private final JdbcTemplate jdbc;
    private final OutboxLimits limits;
    private final Runnable committed;

    /**
     * @param dataSource the database whose transactions the messages join
     * @param limits what a message must keep
     * @param committed runs after a transaction with messages has committed: wakes the relay; must be quick
     */
    public JdbcOutbox(DataSource dataSource, OutboxLimits limits, Runnable committed) {
        this.dataSource = dataSource;
        this.jdbc = new JdbcTemplate(dataSource);
        this.limits = limits;
        this.committed = committed;
    }

    @Override
    public void appendAll(Collection<OutboxMessage> messages) {
        if (messages.isEmpty()) {
            return;
        }
        checkTransaction();
        messages.forEach(limits::check);
        buffer().messages.addAll(messages);
    }

    private void checkTransaction() {
        if (!TransactionSynchronizationManager.isActualTransactionActive()
                || !TransactionSynchronizationManager.isSynchronizationActive()) {
            throw new NoTransactionException(
                    "The outbox was used outside a transaction. Call it from a @Transactional method or a TransactionTemplate, so that the message and the change it tells of commit together.");
        }
        if (!TransactionSynchronizationManager.hasResource(dataSource)) {
            throw elsewhere();
        }
        if (TransactionSynchronizationManager.isCurrentTransactionReadOnly()) {
            throw new NoTransactionException(
                    "The running transaction is read-only; the outbox has to write. Remove readOnly = true.");
        }
    }

    private static NoTransactionException elsewhere() {
        return new NoTransactionException(
                "The running transaction is not on the outbox's DataSource. Name the transaction manager of that DataSource in @Transactional, or give the outbox the DataSource of this transaction.");
    }

    private Buffer buffer() {
        Object bound = TransactionSynchronizationManager.getResource(this);
        if (bound instanceof Buffer known) {
            if (known.closed) {
                throw new NoTransactionException(
                        "The running transaction is already committing or has ended; a message appended now would be lost. Append before it commits, or in a transaction of its own (PROPAGATION_REQUIRES_NEW).");
            }
            return known;
        }
        checkManualCommit();
        Buffer made = new Buffer();
        TransactionSynchronizationManager.bindResource(this, made);
        TransactionSynchronizationManager.registerSynchronization(made);
        return made;
    }

    /** A mere query within another data source's transaction binds a connection too: one that commits by itself. */
    private void checkManualCommit() {
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            if (connection.getAutoCommit()) {
                throw elsewhere();
            }
        } catch (SQLException trouble) {
            throw new CannotGetJdbcConnectionException("The transaction's connection can't be asked", trouble);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }

    private void write(List<OutboxMessage> messages) {
        int size = messages.size();
        Object[] ids = new Object[size];
        String[] topics = new String[size];
        String[] keys = new String[size];
        String[] types = new String[size];
        byte[][] payloads = new byte[size][];
        byte[][] headers = new byte[size][];
        Short[] buckets = new Short[size];
        for (int i = 0; i < size; i++) {
            OutboxMessage message = messages.get(i);
            ids[i] = message.id();
            topics[i] = message.topic();
            keys[i] = message.key();
            types[i] = message.type();
            payloads[i] = message.payload();
            headers[i] = HeaderCodec.encode(message.headers());
            buckets[i] = Buckets.of(message.key());
        }
        jdbc.update(INSERT, statement -> {
            statement.setArray(1, statement.getConnection().createArrayOf("uuid", ids));
            statement.setArray(2, statement.getConnection().createArrayOf("text", topics));
            statement.setArray(3, statement.getConnection().createArrayOf("text", keys));
            statement.setArray(4, statement.getConnection().createArrayOf("text", types));
            statement.setArray(5, statement.getConnection().createArrayOf("bytea", payloads));
            statement.setArray(6, statement.getConnection().createArrayOf("bytea", headers));
            statement.setArray(7, statement.getConnection().createArrayOf("smallint", buckets));
        });
    }

    /** Whether PostgreSQL refused only because the transaction is aborted: it can't commit anyway. */
    private static boolean isAborted(RuntimeException thrown) {
        return thrown.getCause() instanceof SQLException refused && "25P02".equals(refused.getSQLState());
    }

    private void cutConnection() {
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            connection.abort(Runnable::run);
        } catch (SQLException trouble) {
            throw new CannotGetJdbcConnectionException("The transaction's connection can't be cut", trouble);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }

    /** What one transaction has appended so far. */
    private final class Buffer implements TransactionSynchronization, Ordered {

        private final List<OutboxMessage> messages = new ArrayList<>();
        private final IdentityHashMap<Object, Integer> savepoints = new IdentityHashMap<>();
        private boolean wrote;
        private boolean closed;

        @Override
        public int getOrder() {
            return Ordered.LOWEST_PRECEDENCE;
        }

        @Override
        public void suspend() {
            TransactionSynchronizationManager.unbindResourceIfPossible(JdbcOutbox.this);
        }

        @Override
        public void resume() {
            TransactionSynchronizationManager.bindResource(JdbcOutbox.this, this);
        }

        @Override
        public void savepoint(Object savepoint) {
            savepoints.put(savepoint, messages.size());
        }

        @Override
        public void savepointRollback(Object savepoint) {
            // A savepoint that is not known is older than the first message.
            int kept = savepoints.getOrDefault(savepoint, 0);
            if (kept < messages.size()) {
                messages.subList(kept, messages.size()).clear();
            }
        }

        @Override
        public void beforeCommit(boolean readOnly) {
            writeAll();
        }

        @Override
        public void beforeCompletion() {
            closed = true;
            if (messages.isEmpty()) {
                return;
            }
            // Appended by another synchronisation's beforeCommit after ours had run or before it was known; or the
            // transaction is rolled back, which can't be told from that here and takes what is written along.
            try {
                writeAll();
            } catch (RuntimeException thrown) {
                if (!isAborted(thrown)) {
                    // Spring only logs what is thrown here and goes on to commit; without a connection it can't.
                    log.warn(
                            "{} messages could not be written; their transaction can't commit",
                            messages.size(),
                            thrown);
                    cutConnection();
                }
                messages.clear();
            }
        }

        private void writeAll() {
            if (!messages.isEmpty()) {
                write(messages);
                wrote = true;
                messages.clear();
            }
        }

        @Override
        public void afterCommit() {
            if (wrote) {
                committed.run();
            }
        }

        @Override
        public void afterCompletion(int status) {
            if (status == STATUS_COMMITTED && !messages.isEmpty()) {
                log.error(
                        "{} messages of {} were appended after their transaction had committed and are lost. Append before the commit, or in a transaction of its own (PROPAGATION_REQUIRES_NEW).",
                        messages.size(),
                        messages.stream().map(OutboxMessage::type).distinct().toList());
            }
            TransactionSynchronizationManager.unbindResourceIfPossible(JdbcOutbox.this);
        }
    }
}
