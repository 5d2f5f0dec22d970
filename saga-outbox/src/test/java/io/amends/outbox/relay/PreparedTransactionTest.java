package io.amends.outbox.relay;

import static io.amends.outbox.relay.RelayBench.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.amends.outbox.AppendListener;
import io.amends.outbox.JdbcOutbox;
import io.amends.outbox.OutboxLimits;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import javax.sql.XAConnection;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.xa.PGXADataSource;

/** Messages in a transaction that is prepared before it commits, as a branch of a distributed one is. */
class PreparedTransactionTest {

    private final RelayBench bench = RelayBench.shared();
    private final DataSource dataSource = bench.database.dataSource();
    private final JdbcOutbox outbox = new JdbcOutbox(dataSource, OutboxLimits.DEFAULT, AppendListener.NONE);
    private final String topic = bench.topic(1);

    @BeforeEach
    void table() {
        bench.database.jdbc().execute("create table business (name text)");
    }

    @AfterEach
    void close() {
        bench.database
                .jdbc()
                .queryForList("select gid from pg_prepared_xacts where database = current_database()", String.class)
                .forEach(this::rollBack);
        bench.close();
    }

    @Test
    void they_are_published_once_it_is_committed_and_others_do_not_wait_for_it() throws SQLException {
        bench.relay("one").start();
        prepare("in-doubt");
        bench.append(topic, "other", "x");
        bench.awaitPublished();

        assertThat(bench.values(topic, "prepared")).isEmpty();
        assertThat(bench.values(topic, "other")).containsExactly("x");
        assertThat(bench.database.count("saga_outbox where aggregateid = 'prepared'"))
                .isZero();

        commit("in-doubt");
        assertThat(bench.database.count("business")).isOne();
        bench.awaitPublished();
        assertThat(bench.values(topic, "prepared")).containsExactly("a", "b");
    }

    @Test
    void of_one_that_is_rolled_back_nothing_is_left() throws SQLException {
        prepare("gone");
        rollBack("gone");

        assertThat(bench.database.count("saga_outbox")).isZero();
        assertThat(bench.database.count("business")).isZero();
    }

    @Test
    void a_branch_of_an_xa_transaction_carries_them() throws Exception {
        PGXADataSource source = new PGXADataSource();
        try (Connection pooled = dataSource.getConnection()) {
            source.setUrl(pooled.getMetaData().getURL());
            source.setUser(pooled.getMetaData().getUserName());
        }
        Xid xid = new Branch(new byte[] {1, (byte) System.nanoTime()}, new byte[] {2});
        XAConnection xa = source.getXAConnection();
        try {
            Connection connection = xa.getConnection();
            xa.getXAResource().start(xid, XAResource.TMNOFLAGS);
            work(connection);
            xa.getXAResource().end(xid, XAResource.TMSUCCESS);
            assertThat(xa.getXAResource().prepare(xid)).isEqualTo(XAResource.XA_OK);
            assertThat(bench.database.count("saga_outbox")).isZero();

            xa.getXAResource().commit(xid, false);
        } finally {
            xa.close();
        }
        bench.relay("one").start();
        bench.awaitPublished();
        assertThat(bench.values(topic, "prepared")).containsExactly("a", "b");
    }

    private record Branch(byte[] global, byte[] qualifier) implements Xid {
        @Override
        public int getFormatId() {
            return 7;
        }

        @Override
        public byte[] getGlobalTransactionId() {
            return global;
        }

        @Override
        public byte[] getBranchQualifier() {
            return qualifier;
        }
    }

    private void prepare(String gid) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            work(connection);
            try (Statement statement = connection.createStatement()) {
                statement.execute("prepare transaction '%s'".formatted(gid));
            }
        }
    }

    private void work(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("insert into business values ('done')");
        }
        outbox.appendTo(connection, List.of(message(topic, "prepared", "a"), message(topic, "prepared", "b")));
    }

    private void commit(String gid) {
        bench.database.jdbc().execute("commit prepared '%s'".formatted(gid));
    }

    private void rollBack(String gid) {
        bench.database.jdbc().execute("rollback prepared '%s'".formatted(gid));
    }
}
