package io.amends.twopc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * A transaction on one connection of a participant's pool. It keeps its connection until all is over, so that the second
 * phase neither waits for the pool nor needs another session.
 */
final class JdbcBranch implements Branch {

    private static final Logger log = LoggerFactory.getLogger(JdbcBranch.class);

    /** The server gives up first, so that its answer says why. */
    private static final Duration SLACK = Duration.ofSeconds(2);

    private static final long MILLIS_OF_COARSE = 5_000;

    private static final String XID = "select pg_current_xact_id_if_assigned()::text";

    private static final Duration ASK_AGAIN = Duration.ofMillis(50);

    private enum State {
        /** In a transaction. */
        OPEN,
        /** Its transaction is prepared, and the connection outside of it. */
        PREPARED,
        /** Nothing is left to do. */
        ENDED,
        /** The connection can't be trusted any more. */
        BROKEN
    }

    private final JdbcParticipant participant;
    private final DataSource dataSource;
    private final Connection connection;
    private final ConnectionHolder holder;
    private final Connection seen;
    private final boolean autoCommitBefore;
    private final int limitBefore;
    private State state = State.OPEN;
    private boolean asked;
    private @Nullable String xid;

    private JdbcBranch(
            JdbcParticipant participant,
            DataSource dataSource,
            Connection connection,
            boolean autoCommitBefore,
            int limitBefore) {
        this.participant = participant;
        this.dataSource = dataSource;
        this.connection = connection;
        this.seen = BranchConnection.of(connection, participant.name());
        this.holder = new ConnectionHolder(seen, true);
        this.autoCommitBefore = autoCommitBefore;
        this.limitBefore = limitBefore;
    }

    /**
     * Begins it.
     *
     * @param work how long each statement and each wait for a lock may take
     * @param idle how long the transaction may wait for its client
     */
    static JdbcBranch begin(JdbcParticipant participant, DataSource dataSource, Duration work, Duration idle)
            throws SQLException {
        Connection connection = dataSource.getConnection();
        JdbcBranch branch;
        try {
            branch = new JdbcBranch(
                    participant, dataSource, connection, connection.getAutoCommit(), connection.getNetworkTimeout());
        } catch (SQLException | RuntimeException trouble) {
            try (connection) {
                throw trouble;
            }
        }
        try {
            LimitedConnection.limit(connection, work.plus(SLACK));
            connection.setAutoCommit(false);
            if (!participant.isLimitedByPool()) {
                // Prepared, so that the server need not read it again each time.
                try (PreparedStatement statement = connection.prepareStatement(limits("local", work, idle))) {
                    statement.execute();
                }
            }
            return branch;
        } catch (SQLException | RuntimeException trouble) {
            branch.release(work);
            throw trouble;
        }
    }

    /**
     * A wait for a lock is part of its statement's time. The last: a coordinator that hangs, or vanishes without closing its
     * sockets, must not keep locks for ever. SET takes no parameters, but a query would keep the work from choosing an
     * isolation level.
     */
    static String limits(String reach, Duration work, Duration idle) {
        return "set %1$s statement_timeout = %2$d; set %1$s idle_in_transaction_session_timeout = %3$d"
                .formatted(reach, coarse(work), coarse(idle));
    }

    /** Of long ones up to a whole second, so that the text is mostly the same and the driver knows it. Less than the slack. */
    private static long coarse(Duration limit) {
        long millis = limit.toMillis();
        return millis < MILLIS_OF_COARSE ? millis : (millis + 999) / 1000 * 1000;
    }

    /** Has the caller work, while Spring's templates take the connection for that of a transaction of the data source. */
    <T extends @Nullable Object, E extends Exception> T work(BranchQuery<T, E> work) throws E {
        TransactionSynchronizationManager.bindResource(dataSource, holder);
        try {
            return work.on(seen);
        } finally {
            TransactionSynchronizationManager.unbindResource(dataSource);
        }
    }

    @Override
    public String name() {
        return participant.name();
    }

    @Override
    public boolean isExpectedToWrite() {
        return participant.expectsWrites();
    }

    @Override
    public Optional<Vote.Refused> ask(Duration limit) {
        if (holder.isRollbackOnly()) {
            return Optional.of(markedForRollback());
        }
        try {
            LimitedConnection.limit(connection, limit);
            // Fails if a statement of the work has failed, which PREPARE TRANSACTION would answer by a silent ROLLBACK.
            try (PreparedStatement statement = connection.prepareStatement(XID);
                    ResultSet row = statement.executeQuery()) {
                learn(row);
            }
            return Optional.empty();
        } catch (SQLException trouble) {
            return Optional.of(refused(trouble));
        }
    }

    private static Vote.Refused markedForRollback() {
        return new Vote.Refused("a Spring transaction inside of the branch was marked for rollback", null, false);
    }

    private void learn(ResultSet row) throws SQLException {
        row.next();
        xid = row.getString(1);
        asked = true;
        participant.wrote(xid != null);
    }

    @Override
    public boolean mayHaveWritten() {
        return !asked || xid != null;
    }

    @Override
    public boolean canCommitAlone() {
        return true;
    }

    @Override
    public Vote vote(Gid gid, Duration limit) {
        if (!asked && holder.isRollbackOnly()) {
            rollBack();
            return markedForRollback();
        }
        try {
            LimitedConnection.limit(connection, limit);
            if (asked && xid == null) {
                connection.commit();
                state = State.ENDED;
                return new Vote.ReadOnly();
            }
        } catch (SQLException trouble) {
            return refused(trouble);
        }
        String prepare = "PREPARE TRANSACTION '" + gid.text() + "'";
        try (Statement statement = connection.createStatement()) {
            if (asked) {
                statement.execute(prepare);
                state = State.PREPARED;
            } else {
                // One round trip for both. The second is not run if the first fails.
                statement.execute(XID + ";" + prepare);
                state = State.PREPARED;
                try (ResultSet row = statement.getResultSet()) {
                    learn(row);
                }
            }
            return new Vote.Prepared(xid);
        } catch (SQLException trouble) {
            if (state == State.PREPARED) {
                return new Vote.Prepared(xid);
            }
            if (SqlStates.isRefusal(trouble)) {
                return refused(trouble);
            }
            breakOff();
            return new Vote.Unknown("no answer to PREPARE TRANSACTION: " + words(trouble), trouble);
        }
    }

    /** It has not been sent PREPARE or COMMIT, or has been told that they had no effect. */
    private Vote.Refused refused(SQLException trouble) {
        rollBack();
        return new Vote.Refused(words(trouble), trouble, SqlStates.lostRace(trouble));
    }

    /** PostgreSQL's details quote the values of rows. */
    private static String words(SQLException trouble) {
        String message = trouble.getMessage();
        String first = message == null ? "" : message.lines().findFirst().orElse("");
        return "%s (SQLSTATE %s)".formatted(first, trouble.getSQLState());
    }

    @Override
    public Alone commitAlone(Duration limit) {
        String number = xid;
        try {
            LimitedConnection.limit(connection, limit);
            connection.commit();
            state = State.ENDED;
            return new Alone(BranchState.COMMITTED, "", null);
        } catch (SQLException trouble) {
            if (SqlStates.isRefusal(trouble) || number == null) {
                rollBack();
                return new Alone(BranchState.ROLLED_BACK, words(trouble), trouble);
            }
            breakOff();
            return askWhatBecame(number, Deadline.in(limit), trouble);
        }
    }

    /** The answer was lost; the transaction may have committed, or may be about to. */
    private Alone askWhatBecame(String number, Deadline deadline, SQLException lost) {
        try (Waiting waiting = new Waiting()) {
            while (true) {
                try {
                    BranchState found = participant
                            .states(List.of(number), deadline.left())
                            .getOrDefault(number, BranchState.UNKNOWN);
                    if (found == BranchState.COMMITTED || found == BranchState.ROLLED_BACK) {
                        return new Alone(found, "the connection was lost before COMMIT: " + words(lost), lost);
                    }
                } catch (ParticipantException away) {
                    if (lost.getSuppressed().length == 0) {
                        lost.addSuppressed(away);
                    }
                }
                if (deadline.isOver()) {
                    return new Alone(
                            BranchState.UNKNOWN,
                            "it wrote at %s only, the answer to COMMIT was lost, and the database did not tell in time what became of it. Ask there: select pg_xact_status('%s')"
                                    .formatted(participant.place(), number),
                            lost);
                }
                waiting.pause(ASK_AGAIN);
            }
        }
    }

    @Override
    public BranchState commit(Gid gid, @Nullable String number, Duration limit) {
        return end(true, gid, number, limit);
    }

    @Override
    public BranchState rollback(Gid gid, @Nullable String number, Duration limit) {
        return end(false, gid, number, limit);
    }

    private BranchState end(boolean commit, Gid gid, @Nullable String number, Duration limit) {
        try {
            LimitedConnection.limit(connection, limit);
            // No transaction is open, so this ends none; with autocommit off the driver would begin one.
            connection.setAutoCommit(true);
            BranchState ended = JdbcParticipant.end(connection, commit, gid, number);
            state = State.ENDED;
            return ended;
        } catch (SQLException trouble) {
            breakOff();
            throw new ParticipantException(
                    name(), (commit ? "COMMIT" : "ROLLBACK") + " PREPARED on the branch's connection", trouble);
        }
    }

    private void rollBack() {
        if (state != State.OPEN) {
            return;
        }
        try {
            connection.rollback();
            state = State.ENDED;
        } catch (SQLException gone) {
            log.debug("Branch {} was not rolled back by its coordinator; its server does it", name(), gone);
            breakOff();
        }
    }

    /** The server rolls back what is not prepared when it sees that the connection is gone. */
    private void breakOff() {
        state = State.BROKEN;
        try {
            connection.abort(Runnable::run);
        } catch (SQLException gone) {
            log.debug("The connection of branch {} could not be closed", name(), gone);
        }
    }

    @Override
    public void release(Duration limit) {
        try {
            if (state == State.OPEN) {
                LimitedConnection.limit(connection, limit);
            }
            rollBack();
            if (state != State.BROKEN) {
                connection.setAutoCommit(autoCommitBefore);
                connection.setNetworkTimeout(Runnable::run, limitBefore);
            }
        } catch (SQLException gone) {
            log.debug("The connection of branch {} can't be used again", name(), gone);
            breakOff();
        }
        try {
            connection.close();
        } catch (SQLException gone) {
            log.debug("The connection of branch {} could not be given back", name(), gone);
        }
    }
}
