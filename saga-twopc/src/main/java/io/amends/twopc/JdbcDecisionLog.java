package io.amends.twopc;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The decision log in PostgreSQL, table {@code twopc_decision}. Its primary key lets one decision of a transaction in; an
 * insert waits for another that is under way. It may live in a participant's database, yet with a pool of its own: a
 * transaction needs a connection for its decision while it holds those of its branches.
 */
public final class JdbcDecisionLog implements DecisionLog {

    /** The folder of the scripts on the class path. */
    public static final String SCRIPTS_FOLDER = "io/amends/twopc/schema";

    /** The names of the scripts, in order. */
    public static final List<String> SCRIPTS = List.of("V3_001__decisions.sql");

    /**
     * Raises what a role or database may have lowered, for this statement's transaction: a decision that is lost in a crash
     * breaks atomicity. remote_apply is more than on.
     */
    private static final String DURABLY =
            " (current_setting('synchronous_commit') = 'remote_apply' or set_config('synchronous_commit', 'on', true) = 'on')";

    /** The names and numbers of a transaction's branches come as one text each, since arrays of arrays have one width. */
    private static final String COMMIT =
            "insert into twopc_decision (transaction_id, installation, coordinator, outcome, participants, xids)"
                    + " select id, ?, coordinator, 'COMMIT', string_to_array(participants, E'\\x1f'),"
                    + " string_to_array(xids, E'\\x1f', E'\\x1e')"
                    + " from unnest(?::uuid[], ?::text[], ?::text[], ?::text[]) as decided (id, coordinator, participants, xids)"
                    + " where" + DURABLY + " order by id on conflict do nothing returning transaction_id";

    private static final String BETWEEN = "\u001f";
    private static final String NOTHING = "\u001e";

    /** In one order, so that two who settle the same ones do not wait for each other in a circle. */
    private static final String SETTLE =
            "insert into twopc_decision (transaction_id, installation, coordinator, outcome, done_at)"
                    + " select id, ?, coordinator, 'ABORT', clock_timestamp()"
                    + " from unnest(?::uuid[], ?::text[]) as open (id, coordinator) where" + DURABLY
                    + " order by id on conflict do nothing";

    private static final String FIND = """
            select transaction_id, outcome, coordinator, participants, xids
              from twopc_decision where transaction_id = any (?)""";

    private static final String UNFINISHED = """
            select transaction_id, outcome, coordinator, participants, xids
              from twopc_decision where done_at is null and installation = ? order by decided_at limit ?""";

    /** Skips what another process is marking as well. Not forced to disk: a mark that is lost is found out again. */
    private static final String DONE = """
            with mine as materialized (
              select transaction_id from twopc_decision
               where transaction_id = any (?) and done_at is null and set_config('synchronous_commit', 'off', true) = 'off'
                 for update skip locked)
            update twopc_decision d set done_at = clock_timestamp() from mine where d.transaction_id = mine.transaction_id""";

    private static final String HEURISTIC = """
            insert into twopc_heuristic (transaction_id, participant, installation, coordinator, decided, found)
            values (?, ?, ?, ?, ?, ?) on conflict do nothing""";

    private static final String HEURISTICS = """
            select transaction_id, decided, coordinator, participant, found
              from twopc_heuristic where installation = ? order by found_at desc limit ?""";

    private static final String FORGET = """
            delete from twopc_decision where transaction_id in (
              select transaction_id from twopc_decision
               where done_at < clock_timestamp() - ? * interval '1 millisecond' and installation = ?
               limit 10000 for update skip locked)""";

    static final String WRITING = "writing a commit";

    private static final String LOOK = """
            select pg_is_in_recovery() or current_setting('transaction_read_only')::boolean,
                   to_regclass('twopc_decision') is null or to_regclass('twopc_heuristic') is null, current_user""";

    private static final String PRIVILEGES = """
            select bool_and(has_table_privilege(name, privilege))
              from unnest(array['twopc_decision', 'twopc_heuristic']) name,
                   unnest(array['select', 'insert', 'update', 'delete']) privilege""";

    private final DataSource dataSource;
    private final String installation;
    private final GroupCommit<Decision> commits = new GroupCommit<>(this::commitAll);
    private volatile String place = "the database of the log of decisions";

    /**
     * @param dataSource its pool
     * @param installation as in {@link CoordinatorName}; several may share the tables
     */
    public JdbcDecisionLog(DataSource dataSource, String installation) {
        Gid.requirePart("installation", installation);
        this.dataSource = dataSource;
        this.installation = installation;
    }

    @Override
    public boolean commit(Decision decision, Duration limit) {
        if (decision.outcome() != Outcome.COMMIT) {
            throw new IllegalArgumentException("An abort is written by settle");
        }
        return commits.write(decision, limit);
    }

    /** Those that are in the log now; the others were settled as aborted before. */
    private Set<Decision> commitAll(List<Decision> decisions, Duration limit) {
        return on(WRITING, limit, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(COMMIT)) {
                statement.setString(1, installation);
                statement.setArray(
                        2,
                        uuids(
                                connection,
                                decisions.stream().map(Decision::transaction).toList()));
                statement.setArray(3, texts(connection, decisions, Decision::coordinator));
                statement.setArray(
                        4, texts(connection, decisions, decision -> joined(decision, Decision.Branch::participant)));
                statement.setArray(5, texts(connection, decisions, decision -> joined(decision, Decision.Branch::xid)));
                Set<UUID> written = new HashSet<>();
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        written.add(rows.getObject(1, UUID.class));
                    }
                }
                return decisions.stream()
                        .filter(decision ->
                                written.contains(decision.transaction().value()))
                        .collect(Collectors.toSet());
            }
        });
    }

    private static Array texts(Connection connection, List<Decision> decisions, Function<Decision, String> text)
            throws SQLException {
        return connection.createArrayOf("text", decisions.stream().map(text).toArray());
    }

    private static String joined(Decision decision, Function<Decision.Branch, @Nullable String> part) {
        return decision.branches().stream()
                .map(branch -> Objects.requireNonNullElse(part.apply(branch), NOTHING))
                .collect(Collectors.joining(BETWEEN));
    }

    @Override
    public Map<TransactionId, Decision> settle(Map<TransactionId, String> transactions, Duration limit) {
        if (transactions.isEmpty()) {
            return Map.of();
        }
        return on("settling transactions", limit, connection -> {
            List<TransactionId> ids = List.copyOf(transactions.keySet());
            try (PreparedStatement statement = connection.prepareStatement(SETTLE)) {
                statement.setString(1, installation);
                statement.setArray(2, uuids(connection, ids));
                statement.setArray(
                        3,
                        connection.createArrayOf(
                                "text", ids.stream().map(transactions::get).toArray()));
                statement.executeUpdate();
            }
            // A statement of its own: the insert's snapshot does not see a decision that it has waited for.
            return find(connection, ids);
        });
    }

    @Override
    public Map<TransactionId, Decision> find(Collection<TransactionId> transactions, Duration limit) {
        if (transactions.isEmpty()) {
            return Map.of();
        }
        return on("reading decisions", limit, connection -> find(connection, transactions));
    }

    private static Map<TransactionId, Decision> find(Connection connection, Collection<TransactionId> transactions)
            throws SQLException {
        Map<TransactionId, Decision> found = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setArray(1, uuids(connection, transactions));
            decisions(statement).forEach(decision -> found.put(decision.transaction(), decision));
        }
        return found;
    }

    @Override
    public List<Decision> unfinished(int most, Duration limit) {
        return on("reading unfinished commits", limit, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(UNFINISHED)) {
                statement.setString(1, installation);
                statement.setInt(2, most);
                return decisions(statement);
            }
        });
    }

    private static List<Decision> decisions(PreparedStatement statement) throws SQLException {
        List<Decision> decisions = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                String[] participants = texts(rows, "participants");
                String[] xids = texts(rows, "xids");
                List<Decision.Branch> branches = new ArrayList<>();
                for (int i = 0; i < participants.length; i++) {
                    branches.add(new Decision.Branch(participants[i], xid(xids, i)));
                }
                decisions.add(new Decision(
                        new TransactionId(rows.getObject("transaction_id", UUID.class)),
                        Outcome.valueOf(rows.getString("outcome")),
                        rows.getString("coordinator"),
                        branches));
            }
        }
        return decisions;
    }

    private static String[] texts(ResultSet rows, String column) throws SQLException {
        return (String[]) rows.getArray(column).getArray();
    }

    private static @Nullable String xid(String[] xids, int index) {
        return xids[index];
    }

    @Override
    public void done(Collection<TransactionId> transactions, Duration limit) {
        on("marking commits as done", limit, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(DONE)) {
                statement.setArray(1, uuids(connection, transactions));
                return statement.executeUpdate();
            }
        });
    }

    @Override
    public void heuristic(HeuristicOutcome found, Duration limit) {
        on("noting a heuristic outcome", limit, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(HEURISTIC)) {
                statement.setObject(1, found.transaction().value());
                statement.setString(2, found.participant());
                statement.setString(3, installation);
                statement.setString(4, found.coordinator());
                statement.setString(5, found.decided().name());
                statement.setString(6, found.found().name());
                return statement.executeUpdate();
            }
        });
    }

    @Override
    public List<HeuristicOutcome> heuristics(int most, Duration limit) {
        return on("reading heuristic outcomes", limit, connection -> {
            List<HeuristicOutcome> found = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement(HEURISTICS)) {
                statement.setString(1, installation);
                statement.setInt(2, most);
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        found.add(new HeuristicOutcome(
                                new TransactionId(rows.getObject(1, UUID.class)),
                                Outcome.valueOf(rows.getString(2)),
                                rows.getString(3),
                                rows.getString(4),
                                BranchState.valueOf(rows.getString(5))));
                    }
                }
            }
            return found;
        });
    }

    @Override
    public int forget(Duration retention, Duration limit) {
        return on("deleting old decisions", limit, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(FORGET)) {
                statement.setLong(1, retention.toMillis());
                statement.setString(2, installation);
                return statement.executeUpdate();
            }
        });
    }

    @Override
    public void check(Duration limit) {
        String problem = on("a look at its tables", limit, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(LOOK);
                    ResultSet row = statement.executeQuery()) {
                row.next();
                if (row.getBoolean(1)) {
                    return "the database is read-only: a standby, or default_transaction_read_only. Point the log at the primary";
                }
                if (row.getBoolean(2)) {
                    return "the tables twopc_decision and twopc_heuristic are not there. Run the scripts of "
                            + SCRIPTS_FOLDER + " on the class path: " + String.join(", ", SCRIPTS);
                }
                String user = row.getString(3);
                try (PreparedStatement asked = connection.prepareStatement(PRIVILEGES);
                        ResultSet granted = asked.executeQuery()) {
                    granted.next();
                    return granted.getBoolean(1)
                            ? ""
                            : "user %s may not write them. Run: grant select, insert, update, delete on twopc_decision, twopc_heuristic to %s"
                                    .formatted(user, user);
                }
            }
        });
        if (!problem.isEmpty()) {
            throw new TwoPhaseRefusedException("The log of decisions (%s): %s.".formatted(place, problem));
        }
    }

    @Override
    public String settleByHand(TransactionId transaction, String coordinator) {
        return "in %s run: insert into twopc_decision (transaction_id, installation, coordinator, outcome, done_at) values ('%s', '%s', '%s', 'ABORT', clock_timestamp()) on conflict do nothing; select outcome from twopc_decision where transaction_id = '%s'"
                .formatted(place, transaction, installation, coordinator, transaction);
    }

    private static Array uuids(Connection connection, Collection<TransactionId> transactions) throws SQLException {
        return connection.createArrayOf(
                "uuid", transactions.stream().map(TransactionId::value).toArray());
    }

    /** A call on a connection. */
    private interface Call<T> {
        T on(Connection connection) throws SQLException;
    }

    private <T> T on(String what, Duration limit, Call<T> call) {
        LimitedConnection opened;
        try {
            opened = LimitedConnection.open(dataSource, limit);
        } catch (SQLException away) {
            throw new DecisionLogException(what, false, away);
        }
        try (opened) {
            place = Place.of(opened.get());
            return call.on(opened.get());
        } catch (SQLException trouble) {
            throw new DecisionLogException(what, true, trouble);
        }
    }
}
