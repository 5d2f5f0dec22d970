package io.amends.dashboard.stuck;

import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.tenants.TenantScope;
import io.amends.runtime.sql.Arguments;
import io.amends.saga.engine.SagaPhase;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * Which sagas of a database are stuck, told from its tables alone: no process needs to run for it. Safe for use by many
 * threads.
 */
public final class StuckInbox {

    private static final String COUNTS = """
            , cell as (
              select s.code, i.saga_name, i.saga_version,
                     %s as age, s.since
                from stuck s join saga_instance i using (saga_id))
            select k.is_cut, c.* from cut k left join (
              select code, saga_name, saga_version, age, count(*) as number, min(since) as oldest
                from cell group by code, saga_name, saga_version, age) c on true""".formatted(StuckSql.AGE);

    /** Rows with a code are counts, those with sagas are sums: of the same sagas, since it is one statement. */
    private static final String COUNTS_AND_MONEY = """
            , cell as materialized (
              select s.code, i.saga_name, i.saga_version,
                     %s as age, s.since,
                     i.attributes ->> ?::text as amount, i.attributes ->> ?::text as currency
                from stuck s join saga_instance i using (saga_id)),
            money as (
              select c.currency, sum(n.amount) as total, count(n.amount) as sagas,
                     count(sum(n.amount)) over () as currencies,
                     sum(count(*) - count(n.amount)) over () as unread
                from cell c
               cross join lateral (
                 select case when c.amount ~ '^-?[0-9]{1,20}([.][0-9]{1,10})?$' then c.amount::numeric end as amount) n
               where c.amount is not null
               group by c.currency order by count(n.amount) desc, c.currency limit ?)
            select k.is_cut, c.*, null as currency, null::numeric as total, null::bigint as sagas, null::bigint as currencies,
                   null::bigint as unread
              from cut k left join (
                select code, saga_name, saga_version, age, count(*) as number, min(since) as oldest
                  from cell group by code, saga_name, saga_version, age) c on true
            union all
            select k.is_cut, null, null, null, null, null, null, m.currency, m.total, m.sagas, m.currencies, m.unread
              from cut k cross join money m
             order by sagas desc nulls first, currency""".formatted(StuckSql.AGE);

    private static final String PAGE =
            """
            , page as (
              select s.saga_id, s.code, s.since
                from stuck s join saga_instance i using (saga_id)
               where (?::text is null or s.code = ?)
                 and (?::text is null or i.saga_name = ?)
                 and (?::int is null or i.saga_version = ?)
                 and (?::text is null or %s = ?)
                 and (?::timestamptz is null or (s.since, s.saga_id) > (?::timestamptz, ?::uuid))
               order by s.since, s.saga_id limit ?)
            select k.is_cut, g.saga_id, g.code, g.since, i.saga_name, i.saga_version, i.business_key, i.phase, i.row_version,
                   %s as text,
                   at.step, coalesce(at.held_for, at.participant) as participant, coalesce(at.attempts, 0) as attempts
              from cut k left join page g on true left join saga_instance i on i.saga_id = g.saga_id
            """.formatted(StuckSql.AGE, StuckSql.TEXT) + StuckSql.AT_STEP + " order by g.since, g.saga_id";

    private final BoundedReads reads;
    private final StuckAllowances allowances;

    /** Of that database. */
    public StuckInbox(BoundedReads reads, StuckAllowances allowances) {
        this.reads = reads;
        this.allowances = allowances;
    }

    /** How many are stuck, of each kind. */
    public StuckCounts counts() {
        return counts(TenantScope.ALL);
    }

    /** Likewise, of those tenants' sagas. */
    public StuckCounts counts(TenantScope scope) {
        String sql = "with " + StuckSql.withStuck(scope) + COUNTS;
        return reads.read(jdbc -> {
            List<StuckCounts.Cell> cells = new ArrayList<>();
            boolean[] isCut = new boolean[1];
            jdbc.query(sql, StuckSql.arguments(allowances, scope), row -> {
                isCut[0] = row.getBoolean("is_cut");
                if (row.getString("code") != null) {
                    cells.add(cell(row));
                }
            });
            return new StuckCounts(cells, !isCut[0], null);
        });
    }

    /** Likewise, with what those sagas have in money. */
    public StuckCounts counts(TenantScope scope, StuckMoney.Attributes attributes) {
        String sql = "with " + StuckSql.withStuck(scope) + COUNTS_AND_MONEY;
        Arguments.Plain arguments = StuckSql.arguments(allowances, scope)
                .value(attributes.amount())
                .value(attributes.currency())
                .value(StuckMoney.MOST_CURRENCIES);
        return reads.read(jdbc -> {
            List<StuckCounts.Cell> cells = new ArrayList<>();
            List<StuckMoney.Amount> amounts = new ArrayList<>();
            long[] currenciesAndUnread = new long[2];
            boolean[] isCut = new boolean[1];
            jdbc.query(sql, arguments, row -> {
                isCut[0] = row.getBoolean("is_cut");
                if (row.getString("code") != null) {
                    cells.add(cell(row));
                } else if (row.getString("sagas") != null) {
                    currenciesAndUnread[0] = row.getLong("currencies");
                    currenciesAndUnread[1] = row.getLong("unread");
                    BigDecimal total = row.getBigDecimal("total");
                    if (total != null) {
                        amounts.add(new StuckMoney.Amount(row.getString("currency"), total, row.getLong("sagas")));
                    }
                }
            });
            return new StuckCounts(
                    cells, !isCut[0], new StuckMoney(amounts, currenciesAndUnread[0], currenciesAndUnread[1]));
        });
    }

    private static StuckCounts.Cell cell(ResultSet row) throws SQLException {
        return new StuckCounts.Cell(
                StuckReason.valueOf(row.getString("code")),
                row.getString("saga_name"),
                row.getInt("saga_version"),
                AgeBucket.valueOf(row.getString("age")),
                row.getLong("number"),
                instant(row, "oldest"));
    }

    /** A page of them, longest stuck first. */
    public StuckPage page(StuckQuery query) {
        return page(query, TenantScope.ALL);
    }

    /** Likewise, of those tenants' sagas. */
    public StuckPage page(StuckQuery query, TenantScope scope) {
        Statement statement = statement(query, scope);
        return reads.read(jdbc -> {
            List<StuckSaga> found = new ArrayList<>();
            boolean[] isCut = new boolean[1];
            jdbc.query(statement.sql(), statement.arguments(), row -> {
                isCut[0] = row.getBoolean("is_cut");
                if (row.getString("code") != null) {
                    found.add(saga(row));
                }
            });
            if (found.size() <= query.size()) {
                return new StuckPage(found, null, !isCut[0]);
            }
            List<StuckSaga> shown = found.subList(0, query.size());
            StuckSaga last = shown.get(shown.size() - 1);
            return new StuckPage(shown, new StuckQuery.Place(last.since(), last.sagaId()), !isCut[0]);
        });
    }

    /** A statement with its arguments. */
    record Statement(String sql, Arguments.Plain arguments) {}

    /** What reads a page; its plan is looked at by a test. */
    Statement statement(StuckQuery query, TenantScope scope) {
        String age = query.age() == null ? null : query.age().name();
        StuckQuery.Place after = query.after();
        String since = after == null ? null : after.since().toString();
        Arguments.Plain arguments = StuckSql.arguments(allowances, scope)
                .value(query.reason() == null ? null : query.reason().name())
                .value(query.reason() == null ? null : query.reason().name())
                .value(query.sagaName())
                .value(query.sagaName())
                .value(query.version())
                .value(query.version())
                .value(age)
                .value(age)
                .value(since)
                .value(since)
                .value(after == null ? null : after.sagaId())
                .value(query.size() + 1);
        return new Statement("with " + StuckSql.withStuck(scope) + PAGE, arguments);
    }

    /**
     * That a saga is stuck.
     *
     * @param reason why
     * @param since since when
     */
    public record Verdict(StuckReason reason, Instant since) {}

    /** Whether that saga is stuck; empty if it is not, or is not here. */
    public Optional<Verdict> verdict(UUID sagaId) {
        return reads
                .read(jdbc -> jdbc.query(
                        StuckSql.ONE,
                        StuckSql.arguments(allowances, sagaId),
                        (row, number) ->
                                new Verdict(StuckReason.valueOf(row.getString("code")), instant(row, "since"))))
                .stream()
                .findFirst();
    }

    private static StuckSaga saga(ResultSet row) throws SQLException {
        return new StuckSaga(
                Objects.requireNonNull(row.getObject("saga_id", UUID.class)),
                row.getString("saga_name"),
                row.getInt("saga_version"),
                row.getString("business_key"),
                SagaPhase.valueOf(row.getString("phase")),
                StuckReason.valueOf(row.getString("code")),
                instant(row, "since"),
                row.getString("step"),
                row.getString("participant"),
                row.getInt("attempts"),
                row.getString("text"),
                row.getLong("row_version"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getObject(column, OffsetDateTime.class))
                .toInstant();
    }
}
