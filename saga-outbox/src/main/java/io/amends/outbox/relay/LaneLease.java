package io.amends.outbox.relay;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;

/** The table {@code saga_lane}: who may publish. Expiry is judged by the database's clock; each call is one statement. */
final class LaneLease {

    private final DataSource dataSource;

    LaneLease(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Takes the lane if it is free, expired or already this owner's; durable when it returns. */
    Optional<Lease> acquire(int lane, String owner, Duration time) throws SQLException {
        try (Connection connection = Autocommit.open(dataSource);
                PreparedStatement statement = connection.prepareStatement("""
                        update saga_lane
                           set owner = ?, epoch = epoch + 1,
                               lease_until = clock_timestamp() + ? * interval '1 millisecond'
                         where lane = ? and (owner is null or owner = ? or lease_until < clock_timestamp())
                        returning epoch""")) {
            statement.setString(1, owner);
            statement.setLong(2, time.toMillis());
            statement.setInt(3, lane);
            statement.setString(4, owner);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() ? Optional.of(new Lease(lane, owner, result.getLong(1))) : Optional.empty();
            }
        }
    }

    /** Prolongs the lease; false if another owner has the lane. */
    boolean renew(Lease lease, Duration time) throws SQLException {
        try (Connection connection = Autocommit.open(dataSource);
                PreparedStatement statement = connection.prepareStatement("""
                        update saga_lane set lease_until = clock_timestamp() + ? * interval '1 millisecond'
                         where lane = ? and owner = ? and epoch = ?""")) {
            statement.setLong(1, time.toMillis());
            statement.setInt(2, lease.lane());
            statement.setString(3, lease.owner());
            statement.setLong(4, lease.epoch());
            return statement.executeUpdate() == 1;
        }
    }

    /** Gives the lane back, so that a successor need not wait. */
    void release(Lease lease) throws SQLException {
        try (Connection connection = Autocommit.open(dataSource);
                PreparedStatement statement = connection.prepareStatement("""
                        update saga_lane set owner = null, lease_until = '-infinity'
                         where lane = ? and owner = ? and epoch = ?""")) {
            statement.setInt(1, lease.lane());
            statement.setString(2, lease.owner());
            statement.setLong(3, lease.epoch());
            statement.executeUpdate();
        }
    }
}
