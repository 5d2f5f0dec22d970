package io.amends.outbox.relay;

import io.amends.outbox.relay.RelayConnections.Opened;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/** The table {@code saga_outbox_audit}, of which old lines are deleted. Parked records are nobody's but an operator's to delete. */
final class Audits {

    /** Longer than a year, so that it covers a yearly review. */
    static final Duration RETENTION = Duration.ofDays(400);

    /** So that one run is short, however many there are. */
    private static final int AT_ONCE = 10_000;

    private static final String FORGET = """
            delete from saga_outbox_audit where audit_id = any (array(
              select audit_id from saga_outbox_audit where at < clock_timestamp() - ? * interval '1 millisecond'
               order by at limit ?))""";

    private final RelayConnections connections;

    Audits(RelayConnections connections) {
        this.connections = connections;
    }

    /** Deletes some of the lines that are older than that, the oldest first; returns how many. */
    int forget(Duration retention) throws SQLException {
        try (Opened opened = connections.open();
                PreparedStatement statement = opened.connection().prepareStatement(FORGET)) {
            statement.setLong(1, retention.toMillis());
            statement.setInt(2, AT_ONCE);
            return statement.executeUpdate();
        }
    }
}
