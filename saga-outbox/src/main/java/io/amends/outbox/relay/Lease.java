package io.amends.outbox.relay;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The right to publish a lane, as the database knows it.
 *
 * @param lane the lane
 * @param owner who has it
 * @param epoch which time of having it this is; grows with every change of owner
 */
public record Lease(int lane, String owner, long epoch) {

    /** Binds lane, owner and epoch from that parameter on. */
    void set(PreparedStatement statement, int first) throws SQLException {
        statement.setInt(first, lane);
        statement.setString(first + 1, owner);
        statement.setLong(first + 2, epoch);
    }

    /**
     * Runs a statement whose first column counts the lanes that are still this lease's.
     *
     * @throws FencedException if there is none, so that the statement did nothing
     */
    void checkOwned(PreparedStatement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery()) {
            if (!result.next() || result.getLong(1) == 0) {
                throw new FencedException(this);
            }
        }
    }
}
