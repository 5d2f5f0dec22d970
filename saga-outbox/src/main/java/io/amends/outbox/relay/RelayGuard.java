package io.amends.outbox.relay;

import io.amends.outbox.relay.RelayConnections.Opened;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a database must be like for a relay to lose and mix up nothing. */
final class RelayGuard {

    private static final Logger log = LoggerFactory.getLogger(RelayGuard.class);

    /** As saga-outbox hashes keys. */
    static final int BUCKETS = 256;

    private static final String LOOK = """
            select pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as read_only,
                   (select seqcache from pg_sequence where seqrelid = 'saga_outbox_position'::regclass) as sequence_cache,
                   count(*) as lanes, min(lane_count) as lane_count, max(epoch) as epoch,
                   bool_and(bucket_count = ?) as same_buckets, min(bucket_count) as buckets,
                   bool_and(system_identifier = (select system_identifier from pg_control_system())) as same_cluster,
                   current_setting('synchronous_commit') as synchronous_commit,
                   has_table_privilege('saga_server_run', 'insert') and has_table_privilege('saga_server_run', 'select')
                     as may_note_run, current_user as role
              from saga_lane""";

    /**
     * What was seen.
     *
     * @param lanes how many lanes there are
     * @param used whether a relay has ever had one
     */
    record Look(
            boolean readOnly,
            long sequenceCache,
            int lanes,
            boolean used,
            int buckets,
            boolean sameCluster,
            String synchronousCommit,
            boolean mayNoteRun,
            String role) {}

    private RelayGuard() {}

    /**
     * Looks, and divides an outbox that was never used into as many lanes as are wanted.
     *
     * @return how many lanes there are
     * @throws RelayRefusedException if no relay may work on it
     */
    static int check(RelayConnections connections, RelaySettings settings) throws SQLException {
        try (Opened opened = connections.open()) {
            Look look = look(opened.connection());
            int lanes = settings.lanesOfNew() && look.used() ? look.lanes() : settings.lanes();
            Optional<String> refusal = refusal(look, lanes);
            if (refusal.isPresent()) {
                throw new RelayRefusedException(refusal.get());
            }
            if (look.lanes() != lanes) {
                try (PreparedStatement statement =
                        opened.connection().prepareStatement("select saga_outbox_set_lanes(?)")) {
                    statement.setInt(1, lanes);
                    statement.execute();
                }
            }
            if (look.synchronousCommit().equals("off")) {
                log.warn(
                        "synchronous_commit is off by default in this database: a crash of PostgreSQL can then lose a transaction whose message was published already. Switch it on for the transactions that append messages.");
            }
            return lanes;
        }
    }

    private static Look look(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOOK)) {
            statement.setInt(1, BUCKETS);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return new Look(
                        result.getBoolean("read_only"),
                        result.getLong("sequence_cache"),
                        result.getInt("lanes"),
                        result.getLong("epoch") > 0,
                        result.getInt("buckets"),
                        result.getBoolean("same_cluster"),
                        result.getString("synchronous_commit"),
                        result.getBoolean("may_note_run"),
                        result.getString("role"));
            }
        }
    }

    /** Why no relay may work there, empty if it may. */
    static Optional<String> refusal(Look look, int lanes) {
        if (look.readOnly()) {
            return Optional.of(
                    "The relay's database is read-only: a replica in recovery, or default_transaction_read_only. A relay has to write its leases and its cursor. Point it at the primary (targetServerType=primary in the JDBC URL).");
        }
        if (!look.mayNoteRun()) {
            return Optional.of(
                    "The role %1$s may not use saga_server_run, a table that came with an upgrade; the relay would publish nothing. Run as the tables' owner: grant select, insert, update, delete on saga_server_run to %1$s"
                            .formatted(look.role()));
        }
        if (look.sequenceCache() != 1) {
            return Optional.of(
                    "The sequence saga_outbox_position hands out %d numbers at a time, so that positions would not rise in the order in which keys are locked, and messages of a key would change places. Run: alter sequence saga_outbox_position cache 1"
                            .formatted(look.sequenceCache()));
        }
        if (look.buckets() != BUCKETS) {
            return Optional.of(
                    "The rows of saga_outbox were divided into %d buckets, and this version divides into %d: a key's new rows would go to another lane than its old ones. Let the version of before publish what is pending, stop it, then run: update saga_lane set bucket_count = %d"
                            .formatted(look.buckets(), BUCKETS, BUCKETS));
        }
        if (!look.sameCluster()) {
            return Optional.of(
                    "This database was restored into another PostgreSQL cluster: the transaction numbers in saga_outbox and the cursors in saga_lane are not this cluster's, and rows would be lost. Run: select saga_outbox_after_restore(). It publishes again what is still in the outbox; consumers recognise it by its id.");
        }
        if (look.lanes() != lanes && look.used()) {
            return Optional.of(
                    "The outbox is divided into %d lanes and saga.relay.lanes is %d. Set it to %d; or stop all relays of this database once nothing is pending, and run: select saga_outbox_set_lanes(%d)"
                            .formatted(look.lanes(), lanes, look.lanes(), lanes));
        }
        return Optional.empty();
    }
}
