package io.amends.dashboard.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.failures.FailureGroups;
import io.amends.dashboard.instance.SagaInspection;
import io.amends.dashboard.rest.MoneyAtRisk;
import io.amends.dashboard.search.SagaFilter;
import io.amends.dashboard.search.SagaFinder;
import io.amends.dashboard.stuck.StuckAllowances;
import io.amends.dashboard.stuck.StuckInbox;
import io.amends.dashboard.stuck.StuckPage;
import io.amends.dashboard.stuck.StuckQuery;
import io.amends.dashboard.stuck.StuckReason;
import io.amends.dashboard.tenants.TenantScope;
import io.amends.dashboard.versions.Versions;
import io.amends.outbox.schema.SagaSchema;
import io.amends.outbox.schema.SchemaMode;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * How long the console's reads take with a million sagas, a thousand of them stuck for all reasons. Its name keeps it out of
 * the test command; the module's README has the one that runs it.
 */
class FirstPageBenchmark {

    private static final int ROUNDS = 30;
    private static final Duration LIMIT = Duration.ofMillis(300);

    @Test
    void the_first_page_comes_within_300_ms() throws InterruptedException {
        long sagas = Long.getLong("sagas", 1_000_000);
        long running = Long.getLong("running", 20_000);
        long stuck = Long.getLong("stuck", 1_000);
        // For looking at plans by psql.
        long pause = Long.getLong("pause", 0);
        PrintStream out = System.out;
        EmbeddedPostgresServer server = EmbeddedPostgresServer.shared();
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(server.freshDatabase());
            pool.setUsername(server.username());
            pool.setPassword(server.password());
            new SagaSchema(
                            pool,
                            SchemaMode.MIGRATE,
                            List.of(SagaSchema.OUTBOX, new SagaSchema.Scripts("io/amends/runtime/schema", List.of())))
                    .apply();
            JdbcTemplate jdbc = new JdbcTemplate(pool);
            long began = System.nanoTime();
            fill(jdbc, sagas, running, stuck);
            out.printf(
                    "filled in %d s%n",
                    Duration.ofNanos(System.nanoTime() - began).toSeconds());
            if (pause > 0) {
                out.println(pool.getJdbcUrl());
                Thread.sleep(pause * 1000);
            }
            BoundedReads reads = new BoundedReads(pool, Duration.ofSeconds(30));
            StuckAllowances allowances = StuckAllowances.DEFAULT;
            StuckInbox inbox = new StuckInbox(reads, allowances);
            SagaFinder finder = new SagaFinder(reads, allowances);
            out.printf("%d stuck: %s%n", inbox.counts().total(), inbox.counts().byReason());
            StuckPage first = inbox.page(StuckQuery.all());
            UUID one = first.sagas().get(0).sagaId();
            out.printf("%-46s %8s %8s %8s%n", "milliseconds", "first", "median", "worst");
            Duration page = time(out, "first page: counts and 50 sagas", () -> {
                inbox.counts();
                inbox.page(StuckQuery.all());
            });
            MoneyAtRisk money = new MoneyAtRisk(reads, inbox, "customer", null);
            time(out, "counts with money at risk", () -> money.counts(TenantScope.ALL));
            time(out, "page of one reason", () -> inbox.page(StuckQuery.all().because(StuckReason.REPLY_OVERDUE)));
            time(out, "second page", () -> inbox.page(StuckQuery.all().page(first.next(), 50)));
            time(out, "failure groups", () -> new FailureGroups(reads, allowances).all(100));
            time(out, "one saga", () -> new SagaInspection(reads, allowances).of(one));
            time(out, "versions", () -> new Versions(reads).all());
            for (String filter : List.of(
                    "",
                    "key-500000",
                    one.toString(),
                    "phase:STUCK",
                    "phase:RUNNING at:step-2",
                    "reason:HOT_RETRY",
                    "error:\"gave up\"",
                    "attr.customer:77",
                    "older:1h phase:STUCK saga:saga-3")) {
                time(out, "search " + filter, () -> finder.find(SagaFilter.parse(filter), null, 50));
            }
            assertThat(page).isLessThan(LIMIT);
        }
    }

    /** The median. */
    static Duration time(PrintStream out, String what, Runnable work) {
        List<Long> micros = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            long began = System.nanoTime();
            work.run();
            micros.add((System.nanoTime() - began) / 1_000);
        }
        double first = micros.get(0) / 1_000.0;
        Collections.sort(micros);
        out.printf(
                "%-46s %8.1f %8.1f %8.1f%n",
                what, first, micros.get(ROUNDS / 2) / 1_000.0, micros.get(ROUNDS - 1) / 1_000.0);
        return Duration.ofNanos(micros.get(ROUNDS / 2) * 1_000);
    }

    /** Sagas of five definitions with three steps each; the last numbers are stuck, those before them run. */
    static void fill(JdbcTemplate jdbc, long sagas, long running, long stuck) {
        jdbc.execute("""
                insert into saga_definition (saga_name, saga_version, fingerprint, text)
                select 'saga-' || n, 1, 'f', 't' from generate_series(0, 4) n""");
        jdbc.execute("""
                insert into saga_definition_step (saga_name, saga_version, step, position, kind, does, participant,
                  timeout_ms, attempts, patience_ms, on_exhausted)
                select 'saga-' || n, 1, 'step-' || s, s, 'RETRIABLE', case s when 3 then 'SIGNAL' else 'COMMAND' end, 'p' || s,
                       60000, 10, 900000, 'ALERT_ONLY'
                  from generate_series(0, 4) n cross join generate_series(1, 3) s""");
        jdbc.execute("""
                insert into saga_node (node, since, alive_until)
                values ('a', clock_timestamp() - interval '1 day', clock_timestamp() + interval '1 day')""");
        jdbc.execute("insert into saga_node_definition select 'a', saga_name, saga_version from saga_definition");
        // Ids that grow with time, as the runtime's do.
        jdbc.execute("""
                create table plan as
                select n, rpad(lpad(to_hex((1700000000000 + n * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 19),
                               32, '0')::uuid as saga_id,
                       case when n >= %d then (n %% 10)::int when n >= %d then 10 else 11 end as what
                  from generate_series(0, %d) n""".formatted(sagas - stuck, sagas - stuck - running, sagas - 1));
        // 0-4: STUCK, 5: deadline, 6: late reply, 7: hot, 8: late person, 9: overdue timer, 10: runs, 11: over
        jdbc.execute("""
                insert into saga_instance (saga_id, saga_name, saga_version, fingerprint, business_key, body_hash, phase,
                  reason_code, reason, data, row_version, message_sequence, hlc, deadline_at, overdue, due_at, created_at,
                  updated_at, stuck_since, tried, attributes)
                select saga_id, 'saga-' || n % 5, 1, 'f', 'key-' || n, '\\x00',
                       case when what <= 4 then 'STUCK' when what <= 10 then 'RUNNING' else 'COMPLETED' end,
                       case when what <= 4 then 'RETRIES_EXHAUSTED' end,
                       case when what <= 4 then 'step ''step-1'': ''p1'' gave up with order ' || n || ' is gone' end,
                       convert_to(repeat('{"some": "data", "of": "usual length"}', 4), 'UTF8'), 3, 3, n,
                       now() + case what when 5 then -interval '1 hour' else interval '1 day' end, what = 5,
                       case when what <= 4 then null when what = 9 then now() - interval '10 minutes'
                            when what <= 10 then now() + interval '30 seconds' end,
                       now() - interval '1 second' * (1000000 - n) / 10, now() - interval '1 second' * (1000000 - n) / 10,
                       case when what <= 4 then now() - interval '1 second' * (n % 100000) end,
                       case what when 6 then 14 when 7 then 5 end, jsonb_build_object('customer', (n % 10000)::text)
                  from plan""");
        jdbc.execute("""
                insert into saga_step (saga_id, step, status, participant, outcome, attempts, first_sent_at, due_at, error, sla_at)
                select saga_id, 'step-1', case when what <= 4 then 'UNKNOWN' when what <= 7 or what = 9 then 'SENT' else 'SUCCEEDED' end,
                       'p1', case when what in (8, 10, 11) then 'SUCCESS' end,
                       case what when 6 then 14 when 7 then 5 else 1 end,
                       now() - case what when 6 then interval '2 hours' else interval '2 minutes' end,
                       case when what = 9 then now() - interval '10 minutes' when what <= 7 then now() + interval '30 seconds' end,
                       case what when 7 then 'connection refused' end, null::timestamptz
                  from plan
                union all
                select saga_id, 'step-2', case what when 10 then 'SENT' else 'SUCCEEDED' end, 'p2',
                       case when what <> 10 then 'SUCCESS' end, 1, now() - interval '10 seconds',
                       case what when 10 then now() + interval '30 seconds' end, null, null
                  from plan where what in (8, 10, 11)
                union all
                select saga_id, 'step-3', case what when 8 then 'SENT' else 'SUCCEEDED' end, null,
                       case what when 11 then 'SUCCESS' end, 1, now() - interval '1 day', null, null,
                       case what when 8 then now() - interval '1 hour' end
                  from plan where what in (8, 11)""");
        jdbc.execute("""
                insert into saga_history (saga_id, hlc, event, step, kind, participant, message_id, disposition, phase, at,
                                          sent_id)
                select saga_id, n * 10 + e, 'ReplyReceived', 'step-' || e, 'action', 'p' || e, saga_id, 'ACCEPTED', 'RUNNING', now(),
                       case when e < 3 then saga_id end
                  from plan cross join generate_series(1, 3) e""");
        jdbc.execute("vacuum analyze");
    }
}
