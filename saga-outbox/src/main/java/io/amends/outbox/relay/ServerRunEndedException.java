package io.amends.outbox.relay;

import java.sql.SQLException;

/**
 * PostgreSQL has crashed, or a standby has taken over, since a lane read its cursor. The numbers of transactions that had not
 * reached the disk are handed out again, so only the cursor that the database kept fits them; it is to be read anew.
 */
final class ServerRunEndedException extends SQLException {

    private static final long serialVersionUID = 1L;

    ServerRunEndedException(int lane) {
        super("PostgreSQL has started anew after a crash or a failover since lane %d read its cursor; it is read again"
                .formatted(lane));
    }
}
