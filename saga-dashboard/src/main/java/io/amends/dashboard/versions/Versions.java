package io.amends.dashboard.versions;

import io.amends.dashboard.database.BoundedReads;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;

/** Lists the versions of definitions. Safe for use by many threads. */
public final class Versions {

    /** So many unfinished sagas are looked at. */
    private static final int MOST = 200_000;

    private static final String ALL = """
            with unfinished as materialized (
              select saga_name, saga_version, phase, created_at from saga_instance
               where phase in ('RUNNING', 'COMPENSATING', 'STUCK') limit ?),
            counted as (
              select saga_name, saga_version, count(*) filter (where phase = 'RUNNING') as running,
                     count(*) filter (where phase = 'COMPENSATING') as compensating,
                     count(*) filter (where phase = 'STUCK') as stuck, min(created_at) as oldest
                from unfinished group by saga_name, saga_version),
            known as (
              select saga_name, saga_version, min(seen_at) as first_seen from saga_definition
               group by saga_name, saga_version)
            select saga_name, saga_version, saga_version = max(saga_version) over (partition by saga_name) as newest,
                   coalesce(c.running, 0) as running, coalesce(c.compensating, 0) as compensating,
                   coalesce(c.stuck, 0) as stuck, c.oldest, (select count(*) from unfinished) < ? as counted, k.first_seen,
                   array(select v.node from saga_node_definition v join saga_node n using (node)
                          where v.saga_name = k.saga_name and v.saga_version = k.saga_version
                            and n.alive_until > (select clock_timestamp()) order by v.node) as nodes
              from known k left join counted c using (saga_name, saga_version)
             order by saga_name, saga_version desc""";

    private final BoundedReads reads;

    /** Of that database. */
    public Versions(BoundedReads reads) {
        this.reads = reads;
    }

    /** All versions that any process had, by name, the newest first. */
    public List<VersionLine> all() {
        return reads.read(jdbc -> jdbc.query(ALL, (row, number) -> line(row), MOST, MOST));
    }

    private static VersionLine line(ResultSet row) throws SQLException {
        OffsetDateTime oldest = row.getObject("oldest", OffsetDateTime.class);
        Instant firstSeen = Objects.requireNonNull(row.getObject("first_seen", OffsetDateTime.class))
                .toInstant();
        return new VersionLine(
                row.getString("saga_name"),
                row.getInt("saga_version"),
                row.getBoolean("newest"),
                row.getLong("running"),
                row.getLong("compensating"),
                row.getLong("stuck"),
                oldest == null ? null : oldest.toInstant(),
                row.getBoolean("counted"),
                firstSeen,
                List.of((String[]) row.getArray("nodes").getArray()));
    }
}
