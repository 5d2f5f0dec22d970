package io.amends.dashboard.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.dashboard.Office;
import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.refresh.SharedReads;
import io.amends.dashboard.stuck.StuckAllowances;
import io.amends.dashboard.stuck.StuckInbox;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** What a look asks of a real database. */
class LiveSourceTest {

    private static final AtomicInteger TRANSACTIONS = new AtomicInteger();
    private static Office office;
    private static BoundedReads reads;

    @BeforeAll
    static void open() {
        office = new Office();
        reads = new BoundedReads(
                new DelegatingDataSource(office.depot.pool()) {
                    @Override
                    public Connection getConnection() throws SQLException {
                        TRANSACTIONS.incrementAndGet();
                        return super.getConnection();
                    }
                },
                Duration.ofSeconds(20));
    }

    @AfterAll
    static void close() {
        office.close();
    }

    @BeforeEach
    void clear() {
        office.clear();
        TRANSACTIONS.set(0);
    }

    private static StuckInbox inbox() {
        return new StuckInbox(reads, StuckAllowances.DEFAULT);
    }

    @Test
    void counts_and_the_revisions_of_watched_sagas() {
        UUID stuck = office.stuck("a");
        UUID runs = office.start("b");

        Seen seen = new LiveSource(inbox(), reads).apply(Set.of(stuck, runs, UUID.randomUUID()));

        assertThat(seen.counts()).isEqualTo(new Seen.Counts(1, true, Map.of("NON_RETRYABLE", 1L)));
        assertThat(seen.revisions()).isEqualTo(Map.of(stuck, office.revision(stuck), runs, office.revision(runs)));
        assertThat(TRANSACTIONS.get()).isEqualTo(2);
    }

    @Test
    void fifty_pages_ask_the_database_once_in_an_interval() {
        office.stuck("a");
        Duration interval = Duration.ofMillis(200);
        AtomicInteger told = new AtomicInteger();
        long start = System.nanoTime();
        try (LiveFeed feed = new LiveFeed(
                new LiveSource(inbox(), reads),
                new SharedReads(SharedReads.DEFAULT_LOAD),
                interval,
                Duration.ofHours(1))) {
            for (int i = 0; i < LiveFeed.MOST_LISTENERS; i++) {
                feed.listen(Set.of(), new Sink() {
                    @Override
                    public void counts(Seen.Counts counts) {
                        told.incrementAndGet();
                    }

                    @Override
                    public void saga(UUID id, long revision) {}

                    @Override
                    public void beat() {}

                    @Override
                    public void end() {}
                });
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> TRANSACTIONS.get() >= 4);
        }

        long intervals = (System.nanoTime() - start) / interval.toNanos();
        assertThat(TRANSACTIONS.get()).isLessThanOrEqualTo((int) intervals + 1);
        assertThat(told.get()).isEqualTo(LiveFeed.MOST_LISTENERS);
    }
}
