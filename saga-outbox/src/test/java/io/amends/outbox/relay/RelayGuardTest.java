package io.amends.outbox.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.amends.outbox.TestDatabase;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A relay refuses to start where it would lose messages or mix up their order, and says what to do. */
class RelayGuardTest {

    private final TestDatabase database = TestDatabase.migrated();

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void an_outbox_that_was_never_used_is_divided_as_the_relay_wants_it() throws SQLException {
        check(4);
        assertThat(database.jdbc().queryForList("select lane_count from saga_lane order by lane", Integer.class))
                .containsExactly(4, 4, 4, 4);
        check(2);
        assertThat(database.count("saga_lane")).isEqualTo(2);
    }

    @Test
    void one_that_was_used_is_not_divided_anew_but_by_an_operator() throws SQLException {
        check(4);
        database.jdbc().update("update saga_lane set epoch = 1, published_to = pg_current_snapshot() where lane = 0");
        assertRefused(2, "divided into 4 lanes and saga.relay.lanes is 2", "select saga_outbox_set_lanes(2)");

        message();
        assertThatThrownBy(() -> setLanes(2)).hasMessageContaining("Messages are pending");
        database.jdbc().update("update saga_lane set lease_until = 'infinity', owner = 'somebody' where lane = 1");
        assertThatThrownBy(() -> setLanes(2)).hasMessageContaining("A relay still holds a lane");
        database.jdbc().update("update saga_lane set lease_until = '-infinity', published_to = pg_current_snapshot()");
        setLanes(2);
        check(2);
        assertThat(database.count("saga_outbox_pending")).isZero();
        message();
        assertThat(database.count("saga_outbox_pending")).isEqualTo(1);
    }

    @Test
    void one_that_was_used_keeps_its_lanes_where_the_number_is_meant_for_a_new_one() throws SQLException {
        assertThat(check(2, true)).isEqualTo(2);
        database.jdbc().update("update saga_lane set epoch = 1 where lane = 0");

        assertThat(check(4, true)).isEqualTo(2);
        assertThat(database.count("saga_lane")).isEqualTo(2);
    }

    @Test
    void a_sequence_that_hands_out_positions_in_advance_is_refused() {
        database.jdbc().execute("alter sequence saga_outbox_position cache 10");
        assertRefused(1, "10 numbers at a time", "alter sequence saga_outbox_position cache 1");
    }

    @Test
    void a_role_that_was_not_granted_the_newest_table_is_refused() {
        String role = "relay_" + UUID.randomUUID().toString().replace("-", "");
        database.jdbc()
                .execute("create role " + role + " login password 'postgres'; grant " + role + " to postgres;"
                        + " grant select, insert, update on all tables in schema public to " + role + ";"
                        + " grant select on all sequences in schema public to " + role + ";"
                        + " revoke all on saga_server_run from " + role);
        DriverManagerDataSource asRole = new DriverManagerDataSource(database.url(), role, "postgres");

        assertThatThrownBy(() -> RelayGuard.check(new RelayConnections(asRole), RelaySettings.DEFAULT))
                .isInstanceOf(RelayRefusedException.class)
                .hasMessageContainingAll("grant select, insert, update, delete on saga_server_run to " + role);
    }

    @Test
    void another_number_of_buckets_is_refused() {
        database.jdbc().update("update saga_lane set bucket_count = 128");
        assertRefused(1, "128 buckets, and this version divides into 256", "publish what is pending");
    }

    @Test
    void a_database_that_was_restored_into_another_cluster_is_refused_until_its_rows_are_adopted() throws SQLException {
        message();
        database.jdbc().update("update saga_lane set system_identifier = 1, published_to = '900000001:900000001:'");
        database.jdbc().update("update saga_outbox set xid = '900000000'");
        assertRefused(1, "another PostgreSQL cluster", "select saga_outbox_after_restore()");
        assertThat(database.count("saga_outbox_pending")).isZero();

        database.jdbc().queryForList("select saga_outbox_after_restore()");
        check(1);
        assertThat(database.count("saga_outbox_pending")).isEqualTo(1);
        database.jdbc().update("update saga_lane set owner = 'me', epoch = 7");
        assertThat(new SnapshotDeltaSource(database.dataSource())
                        .open(new Lease(0, "me", 7))
                        .read(9)
                        .rows())
                .hasSize(1);
    }

    @Test
    void a_read_only_database_is_refused_and_the_relay_does_not_start() {
        database.jdbc().execute("""
                do $$ begin
                  execute format('alter database %I set default_transaction_read_only = on', current_database());
                end $$""");
        ((HikariDataSource) database.dataSource()).getHikariPoolMXBean().softEvictConnections();
        assertRefused(1, "read-only", "Point it at the primary");

        Relay relay = new Relay(
                database.dataSource(),
                new SnapshotDeltaSource(database.dataSource()),
                () -> {
                    throw new IllegalStateException("No producer is to be opened");
                },
                RelaySettings.DEFAULT,
                "refused");
        assertThatThrownBy(relay::start).isInstanceOf(RelayRefusedException.class);
        assertThat(relay.isRunning()).isFalse();
    }

    private int check(int lanes) throws SQLException {
        return check(lanes, false);
    }

    private int check(int lanes, boolean ofNew) throws SQLException {
        RelaySettings like = RelaySettings.DEFAULT;
        return RelayGuard.check(
                new RelayConnections(database.dataSource()),
                new RelaySettings(
                        like.chunkSize(),
                        like.pollMin(),
                        like.pollMax(),
                        like.leaseTime(),
                        like.sendTimeout(),
                        like.absentTopicRetry(),
                        lanes,
                        ofNew));
    }

    private void assertRefused(int lanes, String... parts) {
        assertThatThrownBy(() -> check(lanes))
                .isInstanceOf(RelayRefusedException.class)
                .hasMessageContainingAll(parts);
    }

    private void setLanes(int lanes) {
        database.jdbc().queryForList("select saga_outbox_set_lanes(?)", lanes);
    }

    private void message() {
        database.jdbc().update("""
                insert into saga_outbox (id, aggregatetype, aggregateid, type, payload, headers, bucket)
                values (gen_random_uuid(), 'orders', 'k', 'noted', '', '', 0)""");
    }
}
