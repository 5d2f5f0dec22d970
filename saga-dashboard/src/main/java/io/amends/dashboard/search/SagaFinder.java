package io.amends.dashboard.search;

import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.language.NotTakenException;
import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.stuck.StuckAllowances;
import io.amends.dashboard.stuck.StuckReason;
import io.amends.runtime.sql.Arguments;
import io.amends.saga.engine.SagaPhase;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Finds the sagas that a filter is for, in one statement. Safe for use by many threads. */
public final class SagaFinder {

    private static final int MOST = 500;

    private final BoundedReads reads;
    private final StuckAllowances allowances;

    /** In that database. */
    public SagaFinder(BoundedReads reads, StuckAllowances allowances) {
        this.reads = reads;
        this.allowances = allowances;
    }

    /**
     * A page of the sagas, the latest started first.
     *
     * @param after the id behind which the page begins, null for the first page
     * @param size how many at most, from 1 to 500
     */
    public FoundPage find(SagaFilter filter, @Nullable UUID after, int size) {
        if (size < 1 || size > MOST) {
            throw new NotTakenException(Sentence.of("A page has 1 to %d sagas, not %d.", MOST, size));
        }
        FilterSql sql = new FilterSql(filter, allowances);
        Arguments.Plain arguments = sql.arguments();
        String behind = "";
        if (after != null) {
            behind = " and i.saga_id < ?";
            arguments.value(after);
        }
        arguments.value(size + 1);
        String rows = """
                select i.saga_id, i.saga_name, i.saga_version, i.business_key, i.phase, i.reason, i.created_at, i.updated_at,
                       i.row_version,\s""" + (sql.asksWhatIsStuck() ? "s.code" : "null::text as code")
                + " from saga_instance i" + sql.join() + " where " + sql.where() + behind
                + " order by i.saga_id desc limit ?";
        String statement = sql.telling(rows, "f.saga_id desc");
        return reads.read(jdbc -> {
            List<FoundSaga> found = new ArrayList<>();
            boolean[] isAll = new boolean[1];
            jdbc.query(statement, arguments, row -> {
                isAll[0] = row.getBoolean("is_all");
                if (row.getString("saga_id") != null) {
                    found.add(saga(row));
                }
            });
            return found.size() <= size
                    ? new FoundPage(found, null, isAll[0])
                    : new FoundPage(found.subList(0, size), found.get(size - 1).sagaId(), isAll[0]);
        });
    }

    /**
     * How many there are, counted up to a limit.
     *
     * @param most the limit, at least 1; as many or more are told as that many
     */
    public long count(SagaFilter filter, int most) {
        FilterSql sql = new FilterSql(filter, allowances);
        String statement = sql.with() + "select count(*) from (select from saga_instance i" + sql.join() + " where "
                + sql.where() + " limit ?) found";
        Long count = reads.read(
                jdbc -> jdbc.query(statement, sql.arguments().value(most), row -> row.next() ? row.getLong(1) : 0L));
        return count == null ? 0 : count;
    }

    private static FoundSaga saga(ResultSet row) throws SQLException {
        String code = row.getString("code");
        return new FoundSaga(
                Objects.requireNonNull(row.getObject("saga_id", UUID.class)),
                row.getString("saga_name"),
                row.getInt("saga_version"),
                row.getString("business_key"),
                SagaPhase.valueOf(row.getString("phase")),
                code == null ? null : StuckReason.valueOf(code),
                row.getString("reason"),
                instant(row, "created_at"),
                instant(row, "updated_at"),
                row.getLong("row_version"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getObject(column, OffsetDateTime.class))
                .toInstant();
    }
}
