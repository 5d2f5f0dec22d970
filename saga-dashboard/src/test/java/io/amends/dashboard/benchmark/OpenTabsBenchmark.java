package io.amends.dashboard.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.amends.dashboard.database.ConsoleSchema;
import io.amends.outbox.schema.SagaSchema;
import io.amends.outbox.schema.SchemaMode;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What open tabs cost the database: its processor time without any and with tabs, while nothing changes and while sagas get stuck
 * and recover.
 * The console is served by Tomcat, and tabs do what the pages' scripts do. Its name keeps it out of the test command; the
 * module's README has the one that runs it.
 */
class OpenTabsBenchmark {

    /** Of all processors, what open tabs may add. */
    private static final double MOST = 0.01;

    private static final double NANOS = 1e9;

    @Test
    void open_tabs_cost_the_database_less_than_a_hundredth() throws Exception {
        long sagas = Long.getLong("sagas", 1_000_000);
        long running = Long.getLong("running", 20_000);
        long stuck = Long.getLong("stuck", 1_000);
        int tabs = Integer.getInteger("tabs", 50);
        Duration time = Duration.ofSeconds(Long.getLong("seconds", 60));
        Duration change = Duration.ofSeconds(Long.getLong("change", 1));
        PrintStream out = System.out;
        try (EmbeddedPostgresServer server = EmbeddedPostgresServer.start();
                HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(server.freshDatabase());
            pool.setUsername(server.username());
            pool.setPassword(server.password());
            new SagaSchema(
                            pool,
                            SchemaMode.MIGRATE,
                            List.of(
                                    SagaSchema.OUTBOX,
                                    new SagaSchema.Scripts("io/amends/runtime/schema", List.of()),
                                    ConsoleSchema.SCRIPTS))
                    .apply();
            JdbcTemplate jdbc = new JdbcTemplate(pool);
            FirstPageBenchmark.fill(jdbc, sagas, running, stuck);
            stay(jdbc);
            ProcessHandle database = postmaster(jdbc);
            int processors = Runtime.getRuntime().availableProcessors();
            out.printf("%d sagas, %d stuck; %d processors; %d s each%n", sagas, stuck, processors, time.toSeconds());
            out.printf("%-52s %12s %12s %12s%n", "the database's processor time", "seconds", "% of one", "% of all");
            Change changes = new Change(jdbc, change, time);
            String each = "a saga gets stuck or recovers every %d s".formatted(change.toSeconds());
            double without = spent(out, "no tabs, nothing changes", database, time, () -> {});
            double changingWithout = spent(out, "no tabs, " + each, database, time, changes);
            double with;
            double changing;
            try (TabsConsole console = new TabsConsole(pool);
                    OpenTabs open = new OpenTabs(console.url(), tabs)) {
                open.settle();
                with = spent(out, tabs + " tabs, nothing changes", database, time, () -> {});
                out.printf("   %s%n", open.counted());
                changing = spent(out, tabs + " tabs, " + each, database, time, changes);
                out.printf("   %s%n", open.counted());
                assertThat(open.failed()).as("answers that were no answers").isZero();
            }
            double added = (with - without) / processors;
            double addedByChanges = (changing - changingWithout) / processors;
            out.printf(
                    "%d open tabs add %.2f %% of the time of all the database's processors while nothing changes, and %.2f %% while sagas"
                            + " get stuck and recover; less than %.0f %% each is wanted%n",
                    tabs, 100 * added, 100 * addedByChanges, 100 * MOST);
            assertThat(added).as("while nothing changes").isLessThan(MOST);
            assertThat(addedByChanges).as("while sagas get stuck and recover").isLessThan(MOST);
        }
    }

    /** Nobody is there to move them, so that what is to be due soon is due tomorrow: the list stays as it is meanwhile. */
    private static void stay(JdbcTemplate jdbc) {
        for (String table : List.of("saga_instance", "saga_step")) {
            jdbc.update("update %s set due_at = due_at + interval '1 day' where due_at > now()".formatted(table));
        }
        jdbc.execute("vacuum analyze");
        jdbc.execute("checkpoint");
    }

    /**
     * One saga after another gets stuck, and then one after another recovers, so that whoever looks finds other counts than before;
     * in the end it is as it was.
     */
    private record Change(JdbcTemplate jdbc, Duration every, Duration time) implements Work {

        @Override
        public void run() throws InterruptedException {
            int number = (int) (time.dividedBy(every) / 2);
            List<UUID> sagas = jdbc.queryForList(
                    "select saga_id from saga_instance where phase = 'RUNNING' order by created_at limit ?",
                    UUID.class,
                    number);
            for (UUID saga : sagas) {
                Thread.sleep(every.toMillis());
                jdbc.update("""
                        update saga_instance set phase = 'STUCK', reason_code = 'RETRIES_EXHAUSTED', stuck_since = clock_timestamp(),
                               row_version = row_version + 1
                         where saga_id = ?""", saga);
            }
            for (UUID saga : sagas) {
                Thread.sleep(every.toMillis());
                jdbc.update("""
                        update saga_instance set phase = 'RUNNING', reason_code = null, stuck_since = null,
                               row_version = row_version + 1
                         where saga_id = ?""", saga);
            }
        }
    }

    private static ProcessHandle postmaster(JdbcTemplate jdbc) {
        Long backend = jdbc.queryForObject("select pg_backend_pid()", Long.class);
        return ProcessHandle.of(backend == null ? 0 : backend)
                .flatMap(ProcessHandle::parent)
                .orElseThrow(() -> new IllegalStateException("The database's processes can't be seen from here."));
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    /** Processors' worth that the database used in that time, on the average. */
    private static double spent(PrintStream out, String what, ProcessHandle database, Duration time, Work meanwhile)
            throws InterruptedException {
        Map<Long, Duration> before = times(database);
        long began = System.nanoTime();
        meanwhile.run();
        long left = time.toNanos() - (System.nanoTime() - began);
        if (left > 0) {
            Thread.sleep(left / 1_000_000);
        }
        double passed = (System.nanoTime() - began) / NANOS;
        // What ended meanwhile is not counted; connections stay.
        double used = times(database).entrySet().stream()
                .mapToDouble(process -> process.getValue()
                                .minus(before.getOrDefault(process.getKey(), Duration.ZERO))
                                .toNanos()
                        / NANOS)
                .sum();
        out.printf(
                "%-52s %12.2f %12.2f %12.2f%n",
                what,
                used,
                100 * used / passed,
                100 * used / passed / Runtime.getRuntime().availableProcessors());
        return used / passed;
    }

    private static Map<Long, Duration> times(ProcessHandle database) {
        Map<Long, Duration> times = new HashMap<>();
        Stream.concat(Stream.of(database), database.descendants())
                .forEach(
                        process -> process.info().totalCpuDuration().ifPresent(used -> times.put(process.pid(), used)));
        return times;
    }
}
