package io.amends.dashboard.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.stuck.StuckAllowances;
import io.amends.dashboard.stuck.StuckInbox;
import io.amends.dashboard.stuck.StuckQuery;
import io.amends.outbox.operations.OutboxInspection;
import io.amends.outbox.operations.ParkedFilter;
import io.amends.outbox.schema.SagaSchema;
import io.amends.outbox.schema.SchemaMode;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * How long the outbox's page takes with millions of messages that Kafka has not taken yet, and with as many that only wait for
 * their segment to be emptied. Its name keeps it out of the test command; the module's README has the one that runs it.
 */
class OutboxPageBenchmark {

    private static final Duration LIMIT = Duration.ofMillis(300);
    /** Of one transaction. */
    private static final int TOGETHER = 200;

    @Test
    void the_page_answers_however_much_waits() {
        long rows = Long.getLong("outbox", 16_000_000);
        PrintStream out = System.out;
        try (EmbeddedPostgresServer server = EmbeddedPostgresServer.start(
                        null, Map.of("max_wal_size", "1GB", "checkpoint_timeout", "5min"));
                HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(server.freshDatabase());
            pool.setUsername(server.username());
            pool.setPassword(server.password());
            new SagaSchema(
                            pool,
                            SchemaMode.MIGRATE,
                            List.of(SagaSchema.OUTBOX, new SagaSchema.Scripts("io/amends/runtime/schema", List.of())))
                    .apply();
            JdbcTemplate jdbc = new JdbcTemplate(pool);
            jdbc.execute("select saga_outbox_set_lanes(4)");
            jdbc.update("update saga_lane set published_to = pg_current_snapshot()");
            long began = System.nanoTime();
            fill(jdbc, rows);
            out.printf(
                    "%d rows, %s, in %d s%n",
                    jdbc.queryForObject("select count(*) from saga_outbox", Long.class),
                    jdbc.queryForObject(
                            "select pg_size_pretty(sum(pg_total_relation_size(inhrelid))) from pg_inherits where inhparent = 'saga_outbox'::regclass",
                            String.class),
                    Duration.ofNanos(System.nanoTime() - began).toSeconds());
            out.printf("%-46s %8s %8s %8s%n", "milliseconds", "first", "median", "worst");
            BoundedReads reads = new BoundedReads(pool, Duration.ofSeconds(30));
            Duration waiting = page(out, "nothing published", reads);
            // A relay that died in the middle of a delta that was too large for one read.
            jdbc.update("update saga_lane set cut_to = pg_current_snapshot(), cut_position = ?", rows / 2);
            Duration half = page(out, "half published", reads);
            jdbc.update(
                    "update saga_lane set published_to = pg_current_snapshot(), cut_to = null, cut_position = null");
            Duration published = page(out, "all published", reads);
            assertThat(List.of(waiting, half, published)).allMatch(page -> page.compareTo(LIMIT) < 0);
        }
    }

    private static Duration page(PrintStream out, String state, BoundedReads reads) {
        StuckInbox inbox = new StuckInbox(reads, StuckAllowances.DEFAULT);
        out.printf(
                "%s: %s%n",
                state,
                reads.read(jdbc -> new OutboxInspection(jdbc)
                        .lanes(1_000).stream().map(lane -> lane.waiting()).toList()));
        Duration page = FirstPageBenchmark.time(
                out,
                state + ": the outbox's page",
                () -> reads.read(jdbc -> {
                    OutboxInspection inspection = new OutboxInspection(jdbc);
                    return List.of(
                            inspection.figures(),
                            inspection.lanes(1_000),
                            inspection.relays(),
                            inspection.segments(),
                            inspection.parked(ParkedFilter.ALL, 0, 200));
                }));
        FirstPageBenchmark.time(out, state + ": what is stuck, counts and list", () -> {
            inbox.counts();
            inbox.page(StuckQuery.all());
        });
        return page;
    }

    /** Commands of sagas, written hours ago in many transactions, so that all eight segments have their share. */
    private static void fill(JdbcTemplate jdbc, long rows) {
        jdbc.execute("""
                create procedure fill(transactions bigint, together int) language plpgsql as $$
                begin
                  perform set_config('synchronous_commit', 'off', false);
                  for t in 0..transactions - 1 loop
                    insert into saga_outbox (id, aggregatetype, aggregateid, type, payload, headers, bucket, created_at, segment)
                    select i, 'saga.bank-' || n % 4 || '.commands', i::text, 'reserve-funds',
                           '{"transfer":"T-1","account":"4471","amount":"12.50"}', '\\x00', (n * 7 + t) % 256,
                           clock_timestamp() - interval '3 hours' + (t * interval '1 hour' / transactions),
                           (t * 8 / transactions)::smallint
                      from generate_series(1, together) n,
                           lateral (select md5(t || '-' || n)::uuid as i) u;
                    commit;
                  end loop;
                end $$""");
        jdbc.execute("call fill(%d, %d)".formatted(rows / TOGETHER, TOGETHER));
        jdbc.execute("analyze");
    }
}
