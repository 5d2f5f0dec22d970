package io.amends.outbox.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.outbox.AppendListener;
import io.amends.outbox.CommittedMessage;
import io.amends.outbox.JdbcOutbox;
import io.amends.outbox.OutboxLimits;
import io.amends.outbox.StatementSpy;
import io.amends.outbox.TestDatabase;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A lane whose reader is told of what this process commits, beside what other processes write. */
abstract class ShortcutFixture {

    /** Its own: what happens in any database of a server draws transaction numbers, of which the relay does not know. */
    static EmbeddedPostgresServer server;

    final TestDatabase database = TestDatabase.migrated(server);
    final StatementSpy spy = new StatementSpy(database.dataSource());
    final Shortcut shortcut = new Shortcut(System::nanoTime);
    final Deque<CommittedMessage> committed = new ArrayDeque<>();
    final JdbcOutbox outbox = new JdbcOutbox(database.dataSource(), OutboxLimits.DEFAULT, new AppendListener() {
        @Override
        public void committed(BitSet buckets) {
            // found by looking
        }

        @Override
        public boolean wants(short bucket) {
            return true;
        }

        @Override
        public void committed(CommittedMessage message) {
            committed.add(message);
        }
    });
    LaneReader reader;

    @BeforeAll
    static void startServer() {
        server = EmbeddedPostgresServer.start(null, Map.of("autovacuum", "off"));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void open() throws SQLException {
        database.jdbc().update("update saga_lane set owner = 'me', epoch = 7");
        reader = opened(shortcut);
        assertThat(settled()).isEmpty();
        spy.forget();
    }

    @AfterEach
    void close() throws SQLException {
        reader.close();
        database.close();
    }

    LaneReader opened(Shortcut by) throws SQLException {
        return new SnapshotDeltaSource(spy.dataSource()).open(new Lease(0, "me", 7), by);
    }

    void append(String key) {
        database.transaction().executeWithoutResult(status -> outbox.append(TestDatabase.message(key)));
    }

    /** As another process does. */
    void insert(String key) {
        database.jdbc().update(insertion(key));
    }

    static String insertion(String key) {
        return "insert into saga_outbox (id, aggregatetype, aggregateid, type, payload, headers, bucket)"
                + " values (gen_random_uuid(), 'orders', '" + key + "', 'noted', '', '', 0)";
    }

    void offerAll() {
        committed.forEach(shortcut::offer);
        committed.clear();
    }

    List<String> settled() throws SQLException {
        return settled(reader);
    }

    static List<String> settled(LaneReader from) throws SQLException {
        Batch batch = from.read(100);
        from.settle(batch, Set.copyOf(batch.positions()), Set.of());
        return batch.rows().stream().map(OutboxRow::key).toList();
    }

    List<Long> positions() throws SQLException {
        Batch batch = reader.read(100);
        reader.settle(batch, Set.copyOf(batch.positions()), Set.of());
        return batch.positions();
    }
}
