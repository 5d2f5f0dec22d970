package io.amends.benchmarks.twopc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/** Looks at the banks from outside: who is prepared, and how long locks are held. Used by one thread. */
final class Lookout implements AutoCloseable {

    /** Who waits for a lock is not the one who holds the one that matters. */
    private static final String LOOK = """
            select count(*), coalesce(extract(epoch from max(clock_timestamp() - prepared)), 0),
                   (select coalesce(extract(epoch from max(clock_timestamp() - xact_start)), 0) from pg_stat_activity
                     where datname = current_database() and backend_xid is not null
                       and wait_event_type is distinct from 'Lock')
              from pg_prepared_xacts where database = current_database()""";

    private static final String TRANSIT = """
            select transfer_id from ledger_entry where account = '(transit)' and transfer_id = any (?)""";

    private final Servers servers;
    private final Map<String, Connection> connections = new HashMap<>();

    Lookout(Servers servers) {
        this.servers = servers;
    }

    /**
     * What is there at one moment.
     *
     * @param prepared transactions that are prepared
     * @param oldestPrepared how long the oldest of them has been so, in seconds
     * @param oldestWork how long the oldest transaction that wrote and is not prepared has run, in seconds
     */
    record Seen(long prepared, double oldestPrepared, double oldestWork) {

        static final Seen NOTHING = new Seen(0, 0, 0);

        /** How long somebody has held a lock at the least. */
        double oldest() {
            return Math.max(oldestPrepared, oldestWork);
        }

        Seen and(Seen other) {
            return new Seen(
                    prepared + other.prepared,
                    Math.max(oldestPrepared, other.oldestPrepared),
                    Math.max(oldestWork, other.oldestWork));
        }
    }

    /** Both banks together; one that is away shows nothing. */
    Seen banks() {
        Seen seen = Seen.NOTHING;
        for (String bank : Installation.BANKS) {
            seen = seen.and(bank(bank));
        }
        return seen;
    }

    /** One bank; nothing if it is away. */
    Seen bank(String bank) {
        try (PreparedStatement statement = connection(bank).prepareStatement(LOOK);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return new Seen(row.getLong(1), row.getDouble(2), row.getDouble(3));
        } catch (SQLException away) {
            connections.remove(bank);
            return Seen.NOTHING;
        }
    }

    /** Which of them were carried out at both banks. */
    Set<UUID> carriedOut(Collection<UUID> transfers) {
        Set<UUID> found = new TreeSet<>(transfers);
        for (String bank : Installation.BANKS) {
            found.retainAll(inLedger(bank, transfers));
        }
        return found;
    }

    private Set<UUID> inLedger(String bank, Collection<UUID> transfers) {
        Set<UUID> found = new TreeSet<>();
        try (PreparedStatement statement = connection(bank).prepareStatement(TRANSIT)) {
            statement.setArray(
                    1,
                    connection(bank)
                            .createArrayOf(
                                    "uuid",
                                    transfers.stream()
                                            .collect(Collectors.toList())
                                            .toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getObject(1, UUID.class));
                }
            }
        } catch (SQLException away) {
            connections.remove(bank);
        }
        return found;
    }

    private Connection connection(String bank) throws SQLException {
        Connection there = connections.get(bank);
        if (there == null || there.isClosed()) {
            there = servers.connect(bank);
            connections.put(bank, there);
        }
        return there;
    }

    @Override
    public void close() {
        for (Connection connection : connections.values()) {
            try {
                connection.close();
            } catch (SQLException gone) {
                System.err.println("A connection was gone: " + gone.getMessage());
            }
        }
    }
}
