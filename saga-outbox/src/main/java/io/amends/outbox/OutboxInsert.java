package io.amends.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** The one statement that writes messages, however many they are; they get their positions in their order. */
final class OutboxInsert {

    /** One message needs no arrays to be taken apart, which would cost the database as much again as the row. */
    private static final String ONE = """
            insert into saga_outbox (id, aggregatetype, aggregateid, type, payload, headers, bucket)
            values (?, ?, ?, ?, ?, ?, ?)""";

    /**
     * A snapshot of a stricter isolation may be older than the lock that the transaction holds. And one whose transaction
     * has written rows by other ways, such as SQL of its own, tells nothing of those: the default of their {@code xid} has
     * left a mark, as this statement does for the next. The cases are asked in their order.
     */
    private static final String ONE_TOLD = """
            insert into saga_outbox (id, aggregatetype, aggregateid, type, payload, headers, bucket, xid)
            values (?, ?, ?, ?, ?, ?, ?, pg_current_xact_id())
            returning position, xid::text,
                      case when current_setting('saga.appended', true) = 'yes' then null
                           when set_config('saga.appended', 'yes', true) is null then null
                           when current_setting('transaction_isolation') = 'read committed'
                           then pg_current_snapshot()::text end""";

    private static final String MANY = """
            insert into saga_outbox (id, aggregatetype, aggregateid, type, payload, headers, bucket)
            select m.id, m.topic, m.key, m.type, m.payload, m.headers, m.bucket
              from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::bytea[], ?::bytea[], ?::smallint[])
                   with ordinality m (id, topic, key, type, payload, headers, bucket, ordinal)
             order by m.ordinal""";

    private OutboxInsert() {}

    static String sql(List<OutboxMessage> messages) {
        return messages.size() == 1 ? ONE : MANY;
    }

    /** Writes one message and tells what {@link CommittedMessage} is made of. */
    static String sqlOfOneTold() {
        return ONE_TOLD;
    }

    /** What that statement tells. */
    static CommittedMessage told(OutboxMessage message, ResultSet result) throws SQLException {
        if (!result.next()) {
            throw new IllegalStateException(
                    "A message was written, but no row came of it. Does a trigger or a rule on saga_outbox take it away?");
        }
        return new CommittedMessage(
                result.getLong(1),
                Buckets.of(message.key()),
                message.topic(),
                message.key(),
                message.payload().clone(),
                HeaderCodec.encode(message.headers()),
                Long.parseLong(result.getString(2)),
                result.getString(3));
    }

    static void bind(PreparedStatement statement, List<OutboxMessage> messages) throws SQLException {
        if (messages.size() == 1) {
            bindOne(statement, messages.get(0));
        } else {
            bindMany(statement, messages);
        }
    }

    private static void bindOne(PreparedStatement statement, OutboxMessage message) throws SQLException {
        statement.setObject(1, message.id());
        statement.setString(2, message.topic());
        statement.setString(3, message.key());
        statement.setString(4, message.type());
        statement.setBytes(5, message.payload());
        statement.setBytes(6, HeaderCodec.encode(message.headers()));
        statement.setShort(7, Buckets.of(message.key()));
    }

    private static void bindMany(PreparedStatement statement, List<OutboxMessage> messages) throws SQLException {
        int size = messages.size();
        Object[] ids = new Object[size];
        String[] topics = new String[size];
        String[] keys = new String[size];
        String[] types = new String[size];
        byte[][] payloads = new byte[size][];
        byte[][] headers = new byte[size][];
        Short[] buckets = new Short[size];
        for (int i = 0; i < size; i++) {
            OutboxMessage message = messages.get(i);
            ids[i] = message.id();
            topics[i] = message.topic();
            keys[i] = message.key();
            types[i] = message.type();
            payloads[i] = message.payload();
            headers[i] = HeaderCodec.encode(message.headers());
            buckets[i] = Buckets.of(message.key());
        }
        Connection connection = statement.getConnection();
        statement.setArray(1, connection.createArrayOf("uuid", ids));
        statement.setArray(2, connection.createArrayOf("text", topics));
        statement.setArray(3, connection.createArrayOf("text", keys));
        statement.setArray(4, connection.createArrayOf("text", types));
        statement.setArray(5, connection.createArrayOf("bytea", payloads));
        statement.setArray(6, connection.createArrayOf("bytea", headers));
        statement.setArray(7, connection.createArrayOf("smallint", buckets));
    }
}
