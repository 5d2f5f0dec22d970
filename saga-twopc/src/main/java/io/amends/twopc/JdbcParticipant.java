package io.amends.twopc;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL database that this process has a pool for. All its connections must have the same user, for PostgreSQL lets
 * only the one who prepared a transaction, or a superuser, end it. Set the pool's wait for a connection (HikariCP:
 * connectionTimeout) to a few seconds: it comes on top of the limits here.
 */
public final class JdbcParticipant implements Participant {

    private static final String LIST = """
            select gid, (extract(epoch from clock_timestamp() - prepared) * 1000)::bigint
              from pg_prepared_xacts
             where database = current_database() and starts_with(gid, ?)
             order by prepared""";

    /**
     * A number that no transaction of this server has had yet is an error to pg_xact_status. A snapshot ends behind the latest
     * transaction that has ended, and younger ones run; they are less than 2^31 away, and age tells, modulo 2^32, how far a
     * number is behind the next one to be given out.
     */
    private static final String STATES = """
            select number, case when number::numeric < latest or (number::numeric < latest + 2147483648 and age(number::xid8::xid) > 0)
                                then pg_xact_status(number::xid8) end
              from unnest(?::text[]) number, (select pg_snapshot_xmax(pg_current_snapshot())::text::numeric) as snapshot (latest)""";

    private static final String LOOK = """
            select current_setting('max_prepared_transactions')::integer, pg_is_in_recovery(), current_user,
                   (select string_agg(distinct owner::text, ', ')
                      from pg_prepared_xacts
                     where database = current_database() and starts_with(gid, ?) and owner <> current_user
                       and not (select rolsuper from pg_roles where rolname = current_user)),
                   '0' in (current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout'))""";

    /** So many branches in a row have written when the next is taken to do so too. */
    private static final int USUAL = 16;

    private final String name;
    private final DataSource dataSource;
    private final AtomicInteger wroteInARow = new AtomicInteger();
    private final boolean limitedByPool;
    private volatile String place;

    /**
     * A participant whose branches set their limits themselves, a round trip each.
     *
     * @param name part of the names of its prepared transactions; letters, digits, {@code _}, {@code .} and {@code -}
     * @param dataSource its pool; the same object that JdbcTemplates have which are to join
     */
    public JdbcParticipant(String name, DataSource dataSource) {
        this(name, dataSource, false);
    }

    private JdbcParticipant(String name, DataSource dataSource, boolean limitedByPool) {
        Gid.requirePart("participant", name);
        this.name = name;
        this.limitedByPool = limitedByPool;
        this.dataSource = dataSource;
        this.place = "the database of participant " + name;
    }

    /**
     * A participant with a pool of its own, each of whose connections begins with {@link #limits} (HikariCP:
     * connectionInitSql). Not behind a pooler that lends connections for a transaction.
     *
     * @param name as above
     * @param dataSource as above
     */
    public static JdbcParticipant limitedByPool(String name, DataSource dataSource) {
        return new JdbcParticipant(name, dataSource, true);
    }

    /** What a connection of such a pool begins with: longest times of a statement and of a transaction that waits for its client. */
    public static String limits(TwoPhaseSettings settings) {
        return JdbcBranch.limits(
                "session", settings.workTimeout(), settings.workTimeout().plus(settings.prepareTimeout()));
    }

    boolean isLimitedByPool() {
        return limitedByPool;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String place() {
        return place;
    }

    /** Begins a branch. */
    JdbcBranch begin(Duration work, Duration idle) throws SQLException {
        return JdbcBranch.begin(this, dataSource, work, idle);
    }

    /** Whether the branches of late all wrote, so that to ask the next one costs more than it saves. */
    boolean expectsWrites() {
        return wroteInARow.get() >= USUAL;
    }

    /** What a branch turned out to have done. */
    void wrote(boolean something) {
        if (!something) {
            wroteInARow.set(0);
        } else if (!expectsWrites()) {
            wroteInARow.incrementAndGet();
        }
    }

    @Override
    public BranchState commit(Gid gid, @Nullable String xid, Duration limit) {
        return on("COMMIT PREPARED", limit, connection -> end(connection, true, gid, xid));
    }

    @Override
    public BranchState rollback(Gid gid, @Nullable String xid, Duration limit) {
        return on("ROLLBACK PREPARED", limit, connection -> end(connection, false, gid, xid));
    }

    /**
     * Ends a prepared transaction on a connection outside of any. The name has no character that could end the text, and
     * this statement takes no parameters.
     */
    static BranchState end(Connection connection, boolean commit, Gid gid, @Nullable String xid) throws SQLException {
        String verb = commit ? "COMMIT" : "ROLLBACK";
        try (Statement statement = connection.createStatement()) {
            statement.execute(verb + " PREPARED '" + gid.text() + "'");
            return commit ? BranchState.COMMITTED : BranchState.ROLLED_BACK;
        } catch (SQLException trouble) {
            if (SqlStates.BUSY.equals(trouble.getSQLState())) {
                return BranchState.UNSETTLED;
            }
            if (!SqlStates.NOT_THERE.equals(trouble.getSQLState())) {
                throw trouble;
            }
        }
        // Somebody else has ended it; or, if it is to be rolled back, it may never have been there.
        if (xid != null) {
            return states(connection, List.of(xid)).getOrDefault(xid, BranchState.UNKNOWN);
        }
        return commit ? BranchState.UNKNOWN : BranchState.ROLLED_BACK;
    }

    @Override
    public List<PreparedBranch> listInDoubt(String prefix, Duration limit) {
        return on("listing prepared transactions", limit, connection -> {
            List<PreparedBranch> found = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement(LIST)) {
                statement.setString(1, prefix);
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        found.add(
                                new PreparedBranch(rows.getString(1), Duration.ofMillis(Math.max(0, rows.getLong(2)))));
                    }
                }
            }
            return found;
        });
    }

    @Override
    public Map<String, BranchState> states(Collection<String> xids, Duration limit) {
        return on("asking what became of transactions", limit, connection -> states(connection, xids));
    }

    private static Map<String, BranchState> states(Connection connection, Collection<String> xids) throws SQLException {
        Map<String, BranchState> states = new HashMap<>();
        Array numbers = connection.createArrayOf("text", xids.toArray());
        try (PreparedStatement statement = connection.prepareStatement(STATES)) {
            statement.setArray(1, numbers);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    states.put(rows.getString(1), state(rows.getString(2)));
                }
            }
        } finally {
            numbers.free();
        }
        return states;
    }

    private static BranchState state(@Nullable String status) {
        if (status == null) {
            return BranchState.UNKNOWN;
        }
        return switch (status) {
            case "committed" -> BranchState.COMMITTED;
            case "aborted" -> BranchState.ROLLED_BACK;
            case "in progress" -> BranchState.UNSETTLED;
            default -> BranchState.UNKNOWN;
        };
    }

    @Override
    public List<String> problems(String prefix, int concurrency, Duration limit) {
        return on("looking at its settings", limit, connection -> {
            List<String> problems = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement(LOOK)) {
                statement.setString(1, prefix);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    int prepared = row.getInt(1);
                    if (prepared < concurrency) {
                        problems.add(
                                "Participant %s (%s): max_prepared_transactions is %d%s, and %d transactions may run at once. Set it in postgresql.conf to at least that for each coordinator, better to max_connections, and restart PostgreSQL."
                                        .formatted(
                                                name,
                                                place,
                                                prepared,
                                                prepared == 0 ? ", so that nothing can be prepared" : "",
                                                concurrency));
                    }
                    if (row.getBoolean(2)) {
                        problems.add(
                                "Participant %s (%s): the server is a standby, where nothing can be prepared. Point it at the primary (targetServerType=primary in the JDBC URL)."
                                        .formatted(name, place));
                    }
                    String others = row.getString(4);
                    if (others != null) {
                        problems.add(
                                "Participant %s (%s): prepared transactions of this installation belong to %s, and user %s may not end them. Connect as the user who prepared them, or have an operator end them first (TwoPhaseTransactions.inDoubt)."
                                        .formatted(name, place, others, row.getString(3)));
                    }
                    if (limitedByPool && row.getBoolean(5)) {
                        problems.add(
                                "Participant %s (%s): its connections have no statement_timeout or no idle_in_transaction_session_timeout, and its branches set none. Let the pool begin each connection with JdbcParticipant.limits(settings), and lead it to PostgreSQL itself, not to a pooler that lends connections for a transaction."
                                        .formatted(name, place));
                    }
                }
            }
            return problems;
        });
    }

    /** A call on a connection. */
    private interface Call<T> {
        T on(Connection connection) throws SQLException;
    }

    private <T> T on(String what, Duration limit, Call<T> call) {
        try (LimitedConnection opened = LimitedConnection.open(dataSource, limit)) {
            place = Place.of(opened.get());
            return call.on(opened.get());
        } catch (SQLException trouble) {
            throw new ParticipantException(name, what, trouble);
        }
    }
}
