package io.amends.dashboard.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementSetter;

/** Processes that watch at the same time, and die while they do. */
class ManyWatchersTest extends AlertFixture {

    private static final int WATCHERS = 3;
    private static final int SAGAS = 20;
    private static final int ROUNDS = 6;

    @Test
    void each_transition_is_told_once_however_many_watch_and_whoever_dies_in_the_middle() throws Exception {
        List<UUID> ids = stuck(SAGAS);
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger deaths = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(WATCHERS);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < WATCHERS; i++) {
                StuckWatch watch = watch(new Mortal(deaths), true);
                all.add(threads.submit(() -> lookUntil(watch, over)));
            }
            for (int round = 1; round <= ROUNDS; round++) {
                awaitAlerts("GOT_STUCK", round);
                recover();
                awaitAlerts("RECOVERED", round);
                if (round < ROUNDS) {
                    getStuck();
                }
            }
            over.set(true);
            for (Future<?> each : all) {
                each.get(60, TimeUnit.SECONDS);
            }
        } finally {
            over.set(true);
            threads.shutdownNow();
        }

        assertThat(deaths.get()).as("watchers that died").isGreaterThanOrEqualTo(WATCHERS);
        for (UUID id : ids) {
            List<String> events = office.jdbc.queryForList(
                    "select event from saga_console_alert where saga_id = ? order by alert_id", String.class, id);
            List<String> each = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                each.addAll(List.of("GOT_STUCK", "RECOVERED"));
            }
            assertThat(events).isEqualTo(each);
        }
        assertThat(heard).extracting(StuckAlert::id).doesNotHaveDuplicates();
        assertThat(office.number("""
                select count(*) from saga_console_alert a
                 where (select count(*) from saga_console_delivery d where a.alert_id between d.first_alert and d.last_alert) <> 1""")).as("alerts that are not in one request").isZero();
    }

    private static void awaitAlerts(String event, int round) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> office.number("select count(*) from saga_console_alert where event = ?", event)
                        >= (long) round * SAGAS);
    }

    private static void lookUntil(StuckWatch watch, AtomicBoolean over) {
        while (!over.get()) {
            try {
                watch.look();
            } catch (RuntimeException died) {
                LoggerFactory.getLogger(ManyWatchersTest.class).debug("A watcher died", died);
            }
        }
    }

    /** Its process dies now and then when all is noted, before the commit. */
    private static final class Mortal extends JdbcTemplate {

        private final AtomicInteger notes = new AtomicInteger();
        private final AtomicInteger deaths;

        private Mortal(AtomicInteger deaths) {
            super(office.depot.pool());
            this.deaths = deaths;
        }

        @Override
        public int update(String sql, PreparedStatementSetter arguments) {
            int rows = super.update(sql, arguments);
            if (notes.incrementAndGet() % 2 == 1) {
                deaths.incrementAndGet();
                execute("select pg_terminate_backend(pg_backend_pid())");
            }
            return rows;
        }
    }
}
