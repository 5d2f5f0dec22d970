package io.amends.dashboard.bulk;

import io.amends.dashboard.search.FilterSql;
import io.amends.dashboard.search.SagaFilter;
import io.amends.dashboard.stuck.StuckAllowances;
import io.amends.saga.engine.SagaPhase;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcOperations;

/** The sagas of a filter that have not ended, in the order in which they were started. */
final class Matching {

    private static final String UNFINISHED = " and i.phase in ('RUNNING', 'COMPENSATING', 'STUCK')";

    private final StuckAllowances allowances;

    Matching(StuckAllowances allowances) {
        this.allowances = allowances;
    }

    /**
     * How many there are.
     *
     * @param number counted up to a limit
     * @param isAllRead whether all was read that the filter asks about
     */
    record Count(long number, boolean isAllRead) {}

    /** How many, counted up to a limit. */
    Count count(JdbcOperations jdbc, SagaFilter filter, int most) {
        FilterSql sql = new FilterSql(filter, allowances);
        String counted = "select count(*) as number from (select from saga_instance i" + sql.join() + " where "
                + sql.where() + UNFINISHED + " limit ?) found";
        return jdbc.query(
                        sql.telling(counted, "f.number"),
                        sql.arguments().value(most),
                        (row, line) -> new Count(row.getLong("number"), row.getBoolean("is_all")))
                .get(0);
    }

    /** Some of them, those that a run takes first. */
    List<BulkPreview.Sample> sample(JdbcOperations jdbc, SagaFilter filter, int most) {
        FilterSql sql = new FilterSql(filter, allowances);
        return jdbc.query(
                sql.with()
                        + "select i.saga_id, i.saga_name, i.business_key, i.phase, i.row_version from saga_instance i"
                        + sql.join() + " where " + sql.where() + UNFINISHED + " order by i.saga_id limit ?",
                sql.arguments().value(most),
                (row, number) -> new BulkPreview.Sample(
                        Objects.requireNonNull(row.getObject("saga_id", UUID.class)),
                        row.getString("saga_name"),
                        row.getString("business_key"),
                        SagaPhase.valueOf(row.getString("phase")),
                        row.getLong("row_version")));
    }

    /** Makes them the items of a run, in one statement; returns how many. */
    int freeze(JdbcOperations jdbc, SagaFilter filter, UUID runId, int most) {
        FilterSql sql = new FilterSql(filter, allowances);
        return jdbc.update(
                sql.with() + """
                        insert into saga_bulk_item (run_id, saga_id, position, seen_revision)
                        select r.run_id, m.saga_id, row_number() over (order by m.saga_id), m.row_version
                          from (select i.saga_id, i.row_version from saga_instance i""" + sql.join() + " where "
                        + sql.where() + UNFINISHED
                        + " order by i.saga_id limit ?) m cross join (select ?::uuid as run_id) r",
                sql.arguments().value(most).value(runId));
    }
}
