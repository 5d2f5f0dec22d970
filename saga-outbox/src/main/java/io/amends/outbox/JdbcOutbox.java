package io.amends.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.ResultSetExtractor;
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

    private final DataSource dataSource;
    private final JdbcTemplate jdbc;
    private final OutboxLimits limits;
    private final AppendListener committed;
    private final UnwrittenChanges unwritten;
    private final TraceHeaders trace;

    /** An outbox beside plain JDBC, without traces; see the other constructor. */
    public JdbcOutbox(DataSource dataSource, OutboxLimits limits, AppendListener committed) {
        this(dataSource, limits, committed, UnwrittenChanges.NONE, TraceHeaders.NONE);
    }

    /**
     * @param dataSource the database whose transactions the messages join
     * @param limits what a message and a transaction must keep
     * @param committed hears of each transaction with messages that has committed: wakes the relay
     * @param unwritten what else is written when a transaction commits, such as JPA entities; it is written before the
     *     messages
     * @param trace what a message without a trace of its own is given when it is appended
     */
    public JdbcOutbox(
            DataSource dataSource,
            OutboxLimits limits,
            AppendListener committed,
            UnwrittenChanges unwritten,
            TraceHeaders trace) {
        this.dataSource = dataSource;
        this.jdbc = new JdbcTemplate(dataSource);
        this.limits = limits;
        this.committed = committed;
        this.unwritten = unwritten;
        this.trace = trace;
    }

    /**
     * Appends messages, in order; all or none.
     *
     * @throws NoTransactionException outside a transaction on the outbox's database
     * @throws MessageRefusedException if one of them could never be sent
     * @throws TransactionTooLargeException if the transaction would append more than is allowed
     */
    @Override
    public void appendAll(Collection<OutboxMessage> messages) {
        if (messages.isEmpty()) {
            return;
        }
        checkTransaction();
        Checked checked = check(messages);
        buffer().add(checked);
    }

    @Override
    public void requireTransaction() {
        checkTransaction();
        if (known() == null) {
            checkManualCommit();
        }
    }

    /**
     * Writes messages at once, with one statement, in the transaction of that connection: for a branch of a distributed
     * transaction (XA, {@code PREPARE TRANSACTION}) or any other that Spring does not manage. Call it last, after
     * everything that the messages tell of was written on the connection, so that those rows are locked and the order of
     * positions is the order of commits. The relay is not woken and finds the messages at its next look.
     *
     * @throws NoTransactionException if the connection commits by itself
     * @throws MessageRefusedException if one of them could never be sent
     * @throws TransactionTooLargeException if they are more than one transaction may append
     * @throws SQLException if the database refuses; the transaction can then only be rolled back
     */
    public void appendTo(Connection connection, Collection<OutboxMessage> messages) throws SQLException {
        if (messages.isEmpty()) {
            return;
        }
        if (commitsByItself(connection)) {
            throw new NoTransactionException(
                    "The connection commits each statement by itself, so that a message and the change it tells of would not commit together. Begin a transaction on it first: setAutoCommit(false), or XAResource.start.");
        }
        Checked checked = check(messages);
        limits.checkTransaction(checked.messages.size(), checked.bytes);
        try (PreparedStatement statement = connection.prepareStatement(OutboxInsert.sql(checked.messages))) {
            OutboxInsert.bind(statement, checked.messages);
            statement.executeUpdate();
        }
    }

    /** In a branch of an XA transaction the driver leaves auto-commit on and begins a transaction by itself. */
    private static boolean commitsByItself(Connection connection) throws SQLException {
        return connection.getAutoCommit()
                && !(connection.isWrapperFor(BaseConnection.class)
                        && connection.unwrap(BaseConnection.class).getTransactionState() == TransactionState.OPEN);
    }

    /** Messages that could be sent, with all that they have. */
    private record Checked(List<OutboxMessage> messages, long bytes) {}

    private Checked check(Collection<OutboxMessage> messages) {
        Map<String, byte[]> current = trace.current();
        List<OutboxMessage> checked = new ArrayList<>(messages.size());
        long bytes = 0;
        for (OutboxMessage message : messages) {
            OutboxMessage traced = current.isEmpty() ? message : traced(message, current);
            bytes += limits.check(traced);
            checked.add(traced);
        }
        return new Checked(checked, bytes);
    }

    private static OutboxMessage traced(OutboxMessage message, Map<String, byte[]> current) {
        if (message.headers().containsKey(TraceHeaders.TRACE_PARENT)) {
            return message;
        }
        Map<String, byte[]> headers = new LinkedHashMap<>(message.headers());
        headers.putAll(current);
        return new OutboxMessage(
                message.id(), message.topic(), message.key(), message.type(), message.payload(), headers);
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
        Buffer known = known();
        if (known != null) {
            return known;
        }
        checkManualCommit();
        Buffer made = new Buffer();
        TransactionSynchronizationManager.bindResource(this, made);
        TransactionSynchronizationManager.registerSynchronization(made);
        return made;
    }

    /** What the running transaction has appended so far; null if nothing, and it still may. */
    private @Nullable Buffer known() {
        Object bound = TransactionSynchronizationManager.getResource(this);
        if (bound instanceof Buffer known ? known.closed : CommitGuard.isCommitting()) {
            throw tooLate();
        }
        return bound instanceof Buffer known ? known : null;
    }

    private static NoTransactionException tooLate() {
        return new NoTransactionException(
                "The running transaction is already committing or has ended; a message appended now would be lost. Append before it commits, or in a transaction of its own (PROPAGATION_REQUIRES_NEW).");
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
        private final IdentityHashMap<Object, Mark> savepoints = new IdentityHashMap<>();
        private final BitSet buckets = new BitSet();
        private long bytes;
        private long written;

        /** What there is to tell of the transaction's only message, if somebody wants to know. */
        private @Nullable CommittedMessage only;

        private boolean committing;
        private boolean closed;

        /** What had been appended at a savepoint. */
        private record Mark(int messages, long bytes) {}

        private void add(Checked checked) {
            long count = written + messages.size() + checked.messages().size();
            limits.checkTransaction(count, bytes + checked.bytes());
            messages.addAll(checked.messages());
            bytes += checked.bytes();
        }

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
            savepoints.put(savepoint, new Mark(messages.size(), bytes));
        }

        @Override
        public void savepointRollback(Object savepoint) {
            // A savepoint that is not known is older than the first message.
            Mark kept = savepoints.getOrDefault(savepoint, new Mark(0, 0));
            if (kept.messages() < messages.size()) {
                messages.subList(kept.messages(), messages.size()).clear();
                bytes = kept.bytes();
            }
        }

        @Override
        public void beforeCommit(boolean readOnly) {
            committing = true;
            try {
                writeAll();
            } catch (RuntimeException | Error thrown) {
                // The transaction is rolled back now.
                messages.clear();
                throw thrown;
            }
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
            if (messages.isEmpty()) {
                return;
            }
            if (committing) {
                unwritten.flush();
            }
            // After the flush, which may have appended more.
            write();
            written += messages.size();
            messages.forEach(message -> buckets.set(Buckets.of(message.key())));
            messages.clear();
        }

        private void write() {
            OutboxMessage first = messages.get(0);
            if (written == 0 && messages.size() == 1 && committed.wants(Buckets.of(first.key()))) {
                only = jdbc.query(
                        OutboxInsert.sqlOfOneTold(),
                        statement -> OutboxInsert.bind(statement, messages),
                        (ResultSetExtractor<CommittedMessage>) result -> OutboxInsert.told(first, result));
            } else {
                jdbc.update(OutboxInsert.sql(messages), statement -> OutboxInsert.bind(statement, messages));
                only = null;
            }
        }

        @Override
        public void afterCommit() {
            if (only != null && isAlone()) {
                committed.committed(only);
            } else if (written > 0) {
                committed.committed(buckets);
            }
        }

        /** Another outbox may have written in the same transaction after this one. */
        private boolean isAlone() {
            return TransactionSynchronizationManager.getSynchronizations().stream()
                    .noneMatch(other -> other != this && other instanceof Buffer buffer && buffer.written > 0);
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
