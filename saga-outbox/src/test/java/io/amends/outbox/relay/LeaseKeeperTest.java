package io.amends.outbox.relay;

import static io.amends.outbox.relay.RelayBench.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.outbox.StatementSpy;
import io.amends.outbox.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeaseKeeperTest {

    private static final Duration TIME = Duration.ofMillis(900);

    private final TestDatabase database = TestDatabase.migrated();
    private final StatementSpy spy = new StatementSpy(database.dataSource());
    private final LeaseKeeper keeper = new LeaseKeeper(new LaneLease(spy.dataSource()), 0, "me", TIME);

    @BeforeEach
    void start() {
        keeper.start();
    }

    @AfterEach
    void close() {
        keeper.stop();
        database.close();
    }

    @Test
    void a_lease_is_renewed_for_as_long_as_it_is_kept() throws SQLException {
        Lease lease = keeper.lease().orElseThrow();
        await().atMost(LONG).until(() -> renewals() >= 4);

        assertThat(keeper.isHeld(lease)).isTrue();
        assertThat(keeper.lease()).contains(lease);
        assertThat(spy.count("epoch = epoch + 1")).isEqualTo(1);
    }

    @Test
    void a_renewal_that_meets_the_unexpected_is_followed_by_others() throws SQLException {
        AtomicBoolean thrown = new AtomicBoolean();
        Lease lease = keeper.lease().orElseThrow();
        spy.refuse(sql -> {
            if (thrown.compareAndSet(false, true)) {
                throw new IllegalStateException("thrown by the test");
            }
            return false;
        });
        await().atMost(LONG).until(() -> renewals() >= 2);
        assertThat(thrown).isTrue();
        assertThat(keeper.isHeld(lease)).isTrue();
    }

    @Test
    void a_lease_that_can_not_be_renewed_is_no_longer_trusted_before_it_ends_in_the_database() throws SQLException {
        spy.refuse(sql -> !sql.contains("epoch = epoch + 1"));
        Lease lease = keeper.lease().orElseThrow();
        assertThat(keeper.isHeld(lease)).isTrue();
        await().atMost(LONG).pollInterval(Duration.ofMillis(5)).until(() -> !keeper.isHeld(lease));
        assertThat(database.jdbc()
                        .queryForObject("select lease_until > clock_timestamp() from saga_lane", Boolean.class))
                .isTrue();
    }

    @Test
    void a_lease_that_another_owner_took_is_noticed_and_not_given_back_in_its_name() throws SQLException {
        Lease lease = keeper.lease().orElseThrow();
        database.jdbc().update("update saga_lane set owner = 'other', epoch = epoch + 1, lease_until = 'infinity'");
        await().atMost(LONG).until(() -> !keeper.isHeld(lease));
        assertThat(keeper.lease()).isEmpty();
        keeper.release();
        assertThat(database.jdbc().queryForObject("select owner from saga_lane", String.class))
                .isEqualTo("other");
    }

    private long renewals() {
        return spy.prepared().stream()
                .filter(sql -> sql.contains("set lease_until = clock_timestamp()"))
                .count();
    }
}
