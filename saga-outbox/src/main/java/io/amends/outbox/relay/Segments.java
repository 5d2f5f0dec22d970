package io.amends.outbox.relay;

import io.amends.outbox.relay.RelayConnections.Opened;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Empties the outbox's segments once every row in them is published. Nothing but the table's size depends on it. */
final class Segments {

    private static final Logger log = LoggerFactory.getLogger(Segments.class);

    /** Not the one that is written now, and not the next, whose turn may come at any moment. */
    private static final String CANDIDATES = """
            select n from generate_series(0, 7) n,
                          lateral (select ((date_part('epoch', clock_timestamp())::bigint >> 6) & 7) as now) c
             where n <> c.now and n <> (c.now + 1) & 7 and pg_relation_size(('saga_outbox_' || n)::regclass) > 0""";

    private static final String TRUNCATE = "select saga_outbox_truncate(?)";

    private final RelayConnections connections;

    Segments(RelayConnections connections) {
        this.connections = connections;
    }

    /** Empties those that can be; returns them. One that somebody holds is tried again the next time. */
    List<Integer> rotate() throws SQLException {
        try (Opened opened = connections.open()) {
            List<Integer> emptied = new ArrayList<>();
            for (int segment : candidates(opened)) {
                String outcome = truncate(opened, segment);
                log.debug("Segment {} of saga_outbox: {}", segment, outcome);
                if (outcome.equals("TRUNCATED")) {
                    emptied.add(segment);
                }
            }
            return emptied;
        }
    }

    private static List<Integer> candidates(Opened opened) throws SQLException {
        try (PreparedStatement statement = opened.connection().prepareStatement(CANDIDATES);
                ResultSet result = statement.executeQuery()) {
            List<Integer> candidates = new ArrayList<>();
            while (result.next()) {
                candidates.add(result.getInt(1));
            }
            return candidates;
        }
    }

    private static String truncate(Opened opened, int segment) throws SQLException {
        try (PreparedStatement statement = opened.connection().prepareStatement(TRUNCATE)) {
            statement.setInt(1, segment);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return result.getString(1);
            }
        }
    }
}
