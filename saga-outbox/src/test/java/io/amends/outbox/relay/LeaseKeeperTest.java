package io.amends.outbox.relay;

import static io.amends.outbox.relay.RelayBench.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.outbox.StatementSpy;
import io.amends.outbox.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;

class LeaseKeeperTest {

    private static final Duration TIME = Duration.ofMillis(900);

    private final TestDatabase database = TestDatabase.migrated();
    private final StatementSpy spy = new StatementSpy(database.dataSource());
    private final Worker worker = new Worker();
    private final LeaseKeeper keeper = keeper("me", spy, worker);

    /** Somebody who works on what he gets until he is asked for it. */
    private static class Worker implements LeaseKeeper.Owner {

        private final List<Lease> leases = new CopyOnWriteArrayList<>();
        private final List<Lease> lost = new CopyOnWriteArrayList<>();
        private final List<Integer> asked = new CopyOnWriteArrayList<>();

        @Override
        public boolean mayAcquire() {
            return true;
        }

        @Override
        public boolean isFree(int lane) {
            return true;
        }

        @Override
        public void acquired(Lease lease) {
            leases.add(lease);
        }

        @Override
        public void lost(Lease lease) {
            lost.add(lease);
        }

        @Override
        public void surplus(int lane) {
            asked.add(lane);
        }

        @Override
        public void released(int lane) {
            // not looked at here
        }

        @Override
        public void wrote(long transaction) {
            // not looked at here
        }

        @Override
        public void beat(@Nullable Exception trouble) {
            // not looked at here
        }
    }

    private LeaseKeeper keeper(String owner, StatementSpy watched, Worker working) {
        return new LeaseKeeper(new RelayConnections(watched.dataSource(), TIME.dividedBy(2)), owner, TIME, working);
    }

    @BeforeEach
    void start() {
        keeper.start(true);
    }

    @AfterEach
    void close() {
        keeper.stop();
        database.close();
    }

    @Test
    void a_lease_is_renewed_for_as_long_as_it_is_kept() {
        Lease lease = lease();
        await().atMost(LONG).until(() -> beats() >= 5);

        assertThat(keeper.isHeld(lease)).isTrue();
        assertThat(worker.leases).containsExactly(lease);
        assertThat(spy.count("epoch = epoch + 1")).isEqualTo(1);
    }

    @Test
    void a_renewal_that_meets_the_unexpected_is_followed_by_others() {
        AtomicBoolean thrown = new AtomicBoolean();
        Lease lease = lease();
        long before = beats();
        spy.refuse(sql -> {
            if (thrown.compareAndSet(false, true)) {
                throw new IllegalStateException("thrown by the test");
            }
            return false;
        });
        await().atMost(LONG).until(() -> beats() >= before + 2);
        assertThat(thrown).isTrue();
        assertThat(keeper.isHeld(lease)).isTrue();
    }

    @Test
    void a_lease_that_can_not_be_renewed_is_no_longer_trusted_before_it_ends_in_the_database() {
        // Between both ends is a tenth of the time, which a busy machine may take for itself; then it is looked at
        // again.
        await().atMost(LONG).until(() -> {
            spy.refuse(sql -> false);
            await().atMost(LONG).until(() -> isHeld(worker.leases));
            Lease lease = worker.leases.get(worker.leases.size() - 1);
            spy.refuse(sql -> true);
            await().atMost(LONG).pollInterval(Duration.ofMillis(5)).until(() -> !keeper.isHeld(lease));
            return standsInTheDatabase();
        });
    }

    /** The newest of them. */
    private boolean isHeld(List<Lease> leases) {
        return !leases.isEmpty() && keeper.isHeld(leases.get(leases.size() - 1));
    }

    private Boolean standsInTheDatabase() {
        return database.jdbc().queryForObject("select lease_until > clock_timestamp() from saga_lane", Boolean.class);
    }

    @Test
    void a_lease_that_another_owner_took_is_noticed_and_not_given_back_in_its_name() {
        Lease lease = lease();
        database.jdbc().update("update saga_lane set owner = 'other', epoch = epoch + 1, lease_until = 'infinity'");
        await().atMost(LONG).until(() -> !keeper.isHeld(lease));
        keeper.release(lease);
        assertThat(database.jdbc().queryForObject("select owner from saga_lane", String.class))
                .isEqualTo("other");
        assertThat(worker.leases).containsExactly(lease);
        assertThat(worker.lost).containsExactly(lease);
    }

    @Test
    void when_a_relay_comes_the_lanes_are_shared_out_anew_and_when_it_dies_they_return() {
        lease();
        database.jdbc().update("update saga_lane set owner = null, lease_until = '-infinity'");
        database.jdbc().queryForList("select saga_outbox_set_lanes(5)");
        await().atMost(LONG).until(() -> held(keeper) == 5);

        Worker second = new Worker();
        StatementSpy cut = new StatementSpy(database.dataSource());
        LeaseKeeper other = keeper("other", cut, second);
        other.start(true);
        await().atMost(LONG).until(() -> {
            worker.asked.forEach(lane ->
                    worker.leases.stream().filter(lease -> lease.lane() == lane).forEach(keeper::release));
            return held(other) == 2;
        });
        assertThat(held(keeper)).isEqualTo(3);
        assertThat(worker.asked).containsOnly(3, 4);

        cut.refuse(sql -> true);
        await().atMost(LONG).until(() -> held(keeper) == 5);
        other.stop();
    }

    @Test
    void a_stop_while_the_database_is_away_does_not_wait_for_what_the_pool_allows() throws Exception {
        CountDownLatch away = new CountDownLatch(1);
        CountDownLatch waiting = new CountDownLatch(1);
        DataSource pool = new DelegatingDataSource(database.dataSource()) {
            @Override
            public Connection getConnection() throws SQLException {
                if (away.getCount() > 0) {
                    return super.getConnection();
                }
                waiting.countDown();
                try {
                    new CountDownLatch(1).await(LONG.toSeconds(), TimeUnit.SECONDS);
                } catch (InterruptedException interrupted) {
                    throw new SQLException("interrupted, as a connection pool says it", interrupted);
                }
                throw new SQLException("no connection");
            }
        };
        StatementSpy cut = new StatementSpy(pool);
        LeaseKeeper other = keeper("other", cut, new Worker());
        other.start(true);
        away.countDown();
        cut.refuse(sql -> true);
        assertThat(waiting.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();

        long begun = System.nanoTime();
        other.stop();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONG.dividedBy(2));
    }

    private static long held(LeaseKeeper of) {
        return IntStream.range(0, 5).filter(of::isHeld).count();
    }

    private Lease lease() {
        await().atMost(LONG).until(() -> !worker.leases.isEmpty());
        return worker.leases.get(0);
    }

    private long beats() {
        return spy.count("insert into saga_relay");
    }
}
