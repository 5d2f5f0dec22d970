package io.amends.sample.lab;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.amends.outbox.operations.OutboxInspection;
import io.amends.sample.lab.Look.Bank;
import io.amends.sample.lab.Look.Count;
import io.amends.sample.lab.Look.Lane;
import io.amends.sample.lab.Look.OpenTransfer;
import io.amends.sample.lab.Look.Prepared;
import io.amends.sample.lab.Look.Session;
import io.amends.test.postgres.EmbeddedPostgresServer;
import io.amends.twopc.Gid;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads the three databases from outside; locks nothing. For one thread at a time, except where it is said otherwise. */
final class LabDatabases implements AutoCloseable {

    /** What counts as recent. */
    static final int RECENT_SECONDS = 10;

    /** More open transfers than this are not looked at one by one. */
    private static final int MOST = 5_000;

    /** Each service and its database. */
    static final Map<String, String> DATABASES = databases();

    private static Map<String, String> databases() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("transfer", "transfer");
        all.put("bank-a", "bank_a");
        all.put("bank-b", "bank_b");
        return all;
    }

    private static final String COUNTS = """
            with transfer as (
              select 'saga' as mode, phase as state, created_at, updated_at from saga_instance
              union all
              select '2pc', case when status in ('UNKNOWN', 'DECIDED') then 'IN_DOUBT' else status end, created_at, updated_at
                from two_phase_transfer),
            timed as (
              select mode, state, updated_at > clock_timestamp() - make_interval(secs => :recent) as recent,
                     1000 * extract(epoch from updated_at - created_at)::float8 as took
                from transfer)
            select mode, state, count(*) as rows, count(*) filter (where recent) as recent,
                   percentile_disc(0.5) within group (order by took) filter (where recent) as p50,
                   percentile_disc(0.99) within group (order by took) filter (where recent) as p99
              from timed group by mode, state""";

    private static final String OPEN = """
            select i.business_key as id, 'saga' as mode, i.phase as state, i.created_at, s.step, s.participant,
                   coalesce(s.attempts, 0) as attempts, i.reason, null as from_bank, null as from_account, null as to_bank,
                   null as to_account, 0::numeric as amount, null::uuid as transaction_id, null as outcome,
                   1000 * extract(epoch from clock_timestamp() - i.created_at) as age
              from saga_instance i
              left join lateral (select * from saga_step s
                                  where s.saga_id = i.saga_id and s.status in ('SENT', 'UNKNOWN', 'COMPENSATING')
                                  order by s.updated_at desc limit 1) s on true
             where i.phase in ('RUNNING', 'COMPENSATING', 'STUCK')
            union all
            select t.transfer_id::text, '2pc', t.status, t.created_at, null, null, 0, t.reason, t.from_bank, t.from_account,
                   t.to_bank, t.to_account, t.amount, t.transaction_id, d.outcome,
                   1000 * extract(epoch from clock_timestamp() - t.created_at)
              from two_phase_transfer t left join twopc_decision d on d.transaction_id = t.transaction_id
             where t.status in ('RUNNING', 'UNKNOWN', 'DECIDED')
             order by created_at limit :most""";

    private static final String PREPARED = """
            select gid, 1000 * extract(epoch from clock_timestamp() - prepared) as age
              from pg_prepared_xacts where database = current_database() order by prepared limit :most""";

    private static final String SESSIONS = """
            select case when wait_event_type = 'Lock' then 'WAITS_FOR_LOCK'
                        when wait_event = 'PgSleep' then 'SLEEPS' else 'IDLE_IN_TRANSACTION' end as doing,
                   1000 * extract(epoch from clock_timestamp() - case when state like 'idle%' then state_change else query_start end) as age,
                   (select x.gid from pg_locks l join pg_prepared_xacts x on x.transaction = l.transactionid
                     where l.pid = a.pid and not l.granted and l.locktype = 'transactionid' limit 1) as gid,
                   cardinality(pg_blocking_pids(a.pid)) as blockers
              from pg_stat_activity a
             where datname = current_database() and pid <> pg_backend_pid()
               and (wait_event_type = 'Lock' or wait_event = 'PgSleep'
                    or (state like 'idle in transaction%' and state_change < clock_timestamp() - interval '1 second'))
             order by 2 desc limit 100""";

    private static final String MONEY = """
            select (select coalesce(sum(balance), 0) from account) as balance,
                   (select coalesce(sum(held), 0) from account) as held,
                   (select coalesce(sum(amount), 0) from ledger_entry where account = '(transit)') as transit""";

    private final Map<String, HikariDataSource> pools = new LinkedHashMap<>();

    LabDatabases(EmbeddedPostgresServer postgres) {
        DATABASES.forEach((service, database) -> {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(postgres.jdbcUrl(database) + "?ApplicationName=failure-lab&socketTimeout=20");
            config.setUsername(postgres.username());
            config.setPassword(postgres.password());
            config.setMaximumPoolSize(3);
            config.setMinimumIdle(0);
            config.setConnectionTimeout(2_000);
            // The lab itself is never slowed down by its own trigger.
            config.setConnectionInitSql(
                    "set statement_timeout = '10s'; set lock_timeout = '2s'; set lab.waited = 'yes'");
            config.setPoolName("lab-" + service);
            pools.put(service, new HikariDataSource(config));
        });
    }

    /** That service's database; safe for use by many threads. */
    JdbcClient of(String service) {
        return JdbcClient.create(Objects.requireNonNull(pools.get(service)));
    }

    /** Looks at everything. What can't be read is left out and said to be away. */
    Look look() {
        List<Count> counts = new ArrayList<>();
        List<OpenTransfer> open = new ArrayList<>();
        List<Prepared> prepared = new ArrayList<>();
        List<Session> sessions = new ArrayList<>();
        List<Lane> lanes = new ArrayList<>();
        List<Bank> banks = new ArrayList<>();
        List<String> away = new ArrayList<>();
        // Before the transfers, so that what a transfer waits for is not something that came later.
        for (String service : DATABASES.keySet()) {
            ask(service, away, jdbc -> {
                if (!service.equals("transfer")) {
                    banks.add(money(service, jdbc));
                    prepared.addAll(prepared(service, jdbc));
                }
                sessions.addAll(sessions(service, jdbc));
                lanes.addAll(lanes(service));
            });
        }
        ask("transfer", away, jdbc -> {
            counts.addAll(jdbc.sql(COUNTS)
                    .param("recent", (double) RECENT_SECONDS)
                    .query((row, number) -> new Count(
                            row.getString("mode"),
                            row.getString("state"),
                            row.getLong("rows"),
                            row.getLong("recent"),
                            millis(row, "p50"),
                            millis(row, "p99")))
                    .list());
            open.addAll(
                    jdbc.sql(OPEN).param("most", MOST).query(LabDatabases::open).list());
        });
        return new Look(counts, open, prepared, sessions, lanes, banks, away);
    }

    private void ask(String service, List<String> away, Consumer<JdbcClient> questions) {
        try {
            questions.accept(of(service));
        } catch (DataAccessException trouble) {
            away.add("The database of %s can't be read: %s"
                    .formatted(service, trouble.getMostSpecificCause().getMessage()));
        }
    }

    private static OpenTransfer open(ResultSet row, int number) throws SQLException {
        String transaction = row.getString("transaction_id");
        return new OpenTransfer(
                row.getString("id"),
                row.getString("mode"),
                row.getString("state"),
                row.getLong("age"),
                row.getString("step"),
                row.getString("participant"),
                row.getInt("attempts"),
                row.getString("reason"),
                row.getString("from_bank"),
                row.getString("from_account"),
                row.getString("to_bank"),
                row.getString("to_account"),
                row.getBigDecimal("amount"),
                transaction == null ? null : transaction.replace("-", ""),
                row.getString("outcome"));
    }

    private static List<Prepared> prepared(String bank, JdbcClient jdbc) {
        return jdbc.sql(PREPARED)
                .param("most", MOST)
                .query((row, number) -> {
                    Optional<Gid> gid = Gid.parse(row.getString("gid"));
                    return new Prepared(
                            bank,
                            gid.map(known -> known.transaction().hex()).orElse(""),
                            gid.map(Gid::coordinator).orElse("somebody else"),
                            row.getLong("age"));
                })
                .list();
    }

    private static List<Session> sessions(String service, JdbcClient jdbc) {
        return jdbc.sql(SESSIONS)
                .query((row, number) -> new Session(
                        service,
                        Session.Doing.valueOf(row.getString("doing")),
                        Math.max(0, row.getLong("age")),
                        Optional.ofNullable(row.getString("gid"))
                                .flatMap(Gid::parse)
                                .map(gid -> gid.transaction().hex())
                                .orElse(null),
                        row.getInt("blockers")))
                .list();
    }

    private static Bank money(String bank, JdbcClient jdbc) {
        return jdbc.sql(MONEY)
                .query((row, number) -> new Bank(
                        bank, row.getBigDecimal("balance"), row.getBigDecimal("held"), row.getBigDecimal("transit")))
                .single();
    }

    private List<Lane> lanes(String service) {
        return new OutboxInspection(new JdbcTemplate(Objects.requireNonNull(pools.get(service))))
                .lanes(10_000).stream()
                        .map(lane -> new Lane(
                                service,
                                lane.lane(),
                                lane.owner(),
                                lane.epoch(),
                                lane.leaseLeft() == null
                                        ? null
                                        : lane.leaseLeft().toMillis(),
                                lane.waiting(),
                                lane.oldest() == null ? null : lane.oldest().toMillis()))
                        .toList();
    }

    private static @Nullable Long millis(ResultSet row, String column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? null : Math.round(value);
    }

    @Override
    public void close() {
        pools.values().forEach(HikariDataSource::close);
    }
}
