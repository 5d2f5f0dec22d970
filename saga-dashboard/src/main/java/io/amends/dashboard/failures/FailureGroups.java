package io.amends.dashboard.failures;

import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.stuck.FrameLines;
import io.amends.dashboard.stuck.StuckAllowances;
import io.amends.dashboard.stuck.StuckReason;
import io.amends.dashboard.stuck.StuckSql;
import io.amends.dashboard.tenants.TenantScope;
import io.amends.runtime.sql.Arguments;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Groups stuck sagas by what went wrong. Safe for use by many threads. */
public final class FailureGroups {

    private static final int HOURS = 12;
    private static final String ID = FailureShape.id("saga_name", "step", "code", "shape", "place");

    private static final String GROUPS = """
            , failure as (
              select i.saga_id, i.saga_name, i.saga_version, s.code, s.since, at.step, %s as shape, f.frames,
                     %s as place,
                     extract(epoch from (select now from p) - s.since) / 3600 as hours_ago
                from stuck s join saga_instance i using (saga_id)
            """.formatted(FailureShape.sql(StuckSql.TEXT), FailureShape.place("f.frames"))
            + StuckSql.AT_STEP
            + """
                cross join lateral (select %s as frames) f
            ), q as (
              select ?::text[] as ids, ?::text[] as names, ?::text[] as codes, ?::text[] as steps, ?::int[] as versions),
            found as (
            select %s as id, saga_name, step, code, shape, count(*) as number,
                   array[%s] as hours,
                   min(since) as first, max(since) as last, array_agg(distinct saga_version order by saga_version) as versions,
                   (array_agg(saga_id order by since, saga_id))[1] as example,
                   (array_agg(frames order by since, saga_id))[1] as frames
              from failure
             where ((select cardinality(ids) = 0 from q) or %s = any((select ids from q)::text[]))
               and ((select cardinality(names) = 0 from q) or saga_name = any((select names from q)::text[]))
               and ((select cardinality(codes) = 0 from q) or code = any((select codes from q)::text[]))
               and ((select cardinality(steps) = 0 from q) or step = any((select steps from q)::text[]))
             group by saga_name, step, code, shape, place
            having (select cardinality(versions) = 0 from q) or bool_or(saga_version = any((select versions from q)::int[]))
             order by number desc, first, id
             limit ?)
            select k.is_cut, f.* from cut k left join found f on true order by f.number desc, f.first, f.id""".formatted(StuckSql.FRAMES, ID, hours(), ID);

    private final BoundedReads reads;
    private final StuckAllowances allowances;

    /** Of that database. */
    public FailureGroups(BoundedReads reads, StuckAllowances allowances) {
        this.reads = reads;
        this.allowances = allowances;
    }

    /**
     * The groups, the largest first.
     *
     * @param most how many at most, at least 1
     */
    public List<FailureGroup> all(int most) {
        return find(GroupQuery.ALL, most).groups();
    }

    /** Whether a stuck saga is in that group now. */
    public boolean has(String id) {
        return !find(GroupQuery.of(id), 1).groups().isEmpty();
    }

    /**
     * The groups that are looked for, the largest first.
     *
     * @param most how many at most, at least 1
     */
    public FoundGroups find(GroupQuery query, int most) {
        return find(query, most, TenantScope.ALL);
    }

    /** Likewise, of those tenants' sagas alone. */
    public FoundGroups find(GroupQuery query, int most, TenantScope scope) {
        Arguments.Plain arguments = StuckSql.arguments(allowances, scope)
                .array("text", query.ids(), id -> id)
                .array("text", query.sagaNames(), name -> name)
                .array("text", query.reasons(), StuckReason::name)
                .array("text", query.steps(), step -> step)
                .array("int", query.versions(), version -> version)
                .value(most);
        String sql = "with " + StuckSql.withStuck(scope) + GROUPS;
        return reads.read(jdbc -> {
            List<FailureGroup> found = new ArrayList<>();
            boolean[] isCut = new boolean[1];
            jdbc.query(sql, arguments, row -> {
                isCut[0] = row.getBoolean("is_cut");
                if (row.getString("id") != null) {
                    found.add(group(row));
                }
            });
            return new FoundGroups(found, !isCut[0]);
        });
    }

    /** The latest hour last; what is stuck since a moment after the statement began is in it too. */
    private static String hours() {
        return IntStream.range(0, HOURS)
                .map(i -> HOURS - 1 - i)
                .mapToObj(ago -> "count(*) filter (where hours_ago < %d%s)"
                        .formatted(ago + 1, ago == 0 ? "" : " and hours_ago >= " + ago))
                .collect(Collectors.joining(", "));
    }

    private static FailureGroup group(ResultSet row) throws SQLException {
        List<Long> hours = List.of((Long[]) row.getArray("hours").getArray());
        return new FailureGroup(
                row.getString("id"),
                row.getString("saga_name"),
                row.getString("step"),
                StuckReason.valueOf(row.getString("code")),
                row.getString("shape"),
                row.getLong("number"),
                hours.get(HOURS - 1),
                hours,
                instant(row, "first"),
                instant(row, "last"),
                List.of((Integer[]) row.getArray("versions").getArray()),
                Objects.requireNonNull(row.getObject("example", UUID.class)),
                FrameLines.of(row.getString("frames")));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getObject(column, OffsetDateTime.class))
                .toInstant();
    }
}
