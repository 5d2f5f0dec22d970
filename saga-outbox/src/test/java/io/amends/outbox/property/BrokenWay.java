package io.amends.outbox.property;

import io.amends.outbox.property.HandWrittenRelay.Row;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How a {@link HandWrittenRelay} reads and notes: once right and slow, and each usual mistake. Only what makes the mistake
 * differs from the right way. Cursors live in the table {@code cursor}, and move in the transaction that is open.
 */
enum BrokenWay {

    /** Right: what is there is pending, and is deleted after it was acknowledged; a refused record parks its key. */
    RIGHT {
        @Override
        void turn(Connection connection, HandWrittenRelay relay) throws SQLException {
            publish(connection, relay, read(connection, PENDING));
        }
    },

    /** Positions are drawn before the commit, so that a lower one may become visible after a higher one was read. */
    ID_CURSOR {
        @Override
        void turn(Connection connection, HandWrittenRelay relay) throws SQLException {
            List<Row> rows = read(connection, """
                    select position, aggregatetype, aggregateid, payload from saga_outbox
                     where position > (select last from cursor) order by position limit 100""");
            rows.forEach(relay::send);
            moveCursor(connection, rows);
        }
    },

    /** A transaction that drew its id early comes before one that had the key's lock before it. */
    XMIN_HORIZON {
        @Override
        void turn(Connection connection, HandWrittenRelay relay) throws SQLException {
            List<Row> rows = read(connection, """
                    select position, aggregatetype, aggregateid, payload from saga_outbox
                     where (xid, position) > (select xid, last from cursor)
                       and xid < pg_snapshot_xmin(pg_current_snapshot())
                     order by xid, position limit 100""");
            rows.forEach(relay::send);
            moveCursor(connection, rows);
        }
    },

    /** Two relays that skip what the other has locked split a key between them. */
    SKIP_LOCKED {
        @Override
        void turn(Connection connection, HandWrittenRelay relay) throws SQLException {
            publish(connection, relay, read(connection, PENDING + " for update of o skip locked"));
        }
    },

    /** What is noted before it was acknowledged is lost in a crash. */
    MARK_FIRST {
        @Override
        void turn(Connection connection, HandWrittenRelay relay) throws SQLException {
            List<Row> rows = read(connection, PENDING);
            delete(connection, rows);
            connection.commit();
            rows.forEach(relay::send);
        }
    },

    /** A record that Kafka refuses is passed over, and its key goes on without it. */
    PAST_FAILURE {
        @Override
        void turn(Connection connection, HandWrittenRelay relay) throws SQLException {
            List<Row> rows = read(connection, PENDING);
            rows.forEach(relay::send);
            delete(connection, rows);
        }
    },

    /** A record that Kafka refuses is put aside, and its key goes on without it. */
    ASIDE_ALONE {
        @Override
        void turn(Connection connection, HandWrittenRelay relay) throws SQLException {
            List<Row> rows = read(connection, """
                    select position, aggregatetype, aggregateid, payload from saga_outbox order by position limit 20""");
            for (Row row : rows) {
                if (!relay.send(row)) {
                    park(connection, row);
                }
            }
            delete(connection, rows);
        }
    };

    private static final String PENDING = """
            select o.position, o.aggregatetype, o.aggregateid, o.payload from saga_outbox o
             where not exists (select 1 from saga_parked p
                                where p.aggregatetype = o.aggregatetype and p.aggregateid = o.aggregateid)
             order by o.position limit 20""";

    /** Reads a chunk, sends it and notes what was acknowledged; the relay commits. */
    abstract void turn(Connection connection, HandWrittenRelay relay) throws SQLException;

    /** What the ways need besides the outbox. */
    static void prepare(Connection connection) throws SQLException {
        Truth.execute(connection, "create table cursor (xid xid8 not null, last bigint not null)");
        Truth.execute(connection, "insert into cursor values ('0', 0)");
    }

    private static List<Row> read(Connection connection, String sql) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                rows.add(new Row(result.getLong(1), result.getString(2), result.getString(3), result.getBytes(4)));
            }
        }
        return rows;
    }

    private static void publish(Connection connection, HandWrittenRelay relay, List<Row> rows) throws SQLException {
        Set<String> parked = new HashSet<>();
        List<Row> done = new ArrayList<>();
        for (Row row : rows) {
            if (parked.contains(row.key())) {
                continue;
            }
            if (!relay.send(row)) {
                park(connection, row);
                parked.add(row.key());
            }
            done.add(row);
        }
        delete(connection, done);
    }

    private static void park(Connection connection, Row row) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                insert into saga_parked (position, id, aggregatetype, aggregateid, type, payload, headers, bucket, xid,
                                         created_at, reason_code, reason)
                select position, id, aggregatetype, aggregateid, type, payload, headers, bucket, xid, created_at,
                       'RECORD_TOO_LARGE', ''
                  from saga_outbox where position = ?""")) {
            statement.setLong(1, row.position());
            statement.executeUpdate();
        }
    }

    private static void delete(Connection connection, List<Row> rows) throws SQLException {
        Object[] positions = rows.stream().map(Row::position).toArray();
        try (PreparedStatement statement =
                connection.prepareStatement("delete from saga_outbox where position = any (?::bigint[])")) {
            statement.setArray(1, connection.createArrayOf("bigint", positions));
            statement.executeUpdate();
        }
    }

    private static void moveCursor(Connection connection, List<Row> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement("""
                update cursor set xid = o.xid, last = o.position from saga_outbox o where o.position = ?""")) {
            statement.setLong(1, rows.get(rows.size() - 1).position());
            statement.executeUpdate();
        }
    }
}
