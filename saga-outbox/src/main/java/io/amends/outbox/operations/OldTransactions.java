package io.amends.outbox.operations;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * Who keeps old transactions alive. The relay publishes past all of them; what they hold up is clearing up: a segment is not
 * emptied while anybody has a lock on it, and vacuum removes nothing that an old snapshot may see. Safe for use by many
 * threads.
 */
public final class OldTransactions {

    /** No text of a query: it may hold what is personal. A prepared transaction's locks have no process, only its number. */
    private static final String HOLDERS = """
            with locks as materialized (
              select l.pid, l.virtualtransaction, array_agg(distinct s.n order by s.n) as segments
                from generate_series(0, 7) s (n)
                join pg_locks l on l.locktype = 'relation' and l.relation = ('saga_outbox_' || s.n)::regclass
                 and l.database = (select oid from pg_database where datname = current_database())
               group by l.pid, l.virtualtransaction)
            select 'SESSION' as kind, a.pid::text as name, a.datname as database, a.datname = current_database() as here,
                   a.usename as username, a.application_name as application, a.state,
                   (extract(epoch from clock_timestamp() - a.xact_start) * 1000)::bigint as age, k.segments,
                   a.backend_xmin is not null or a.backend_xid is not null as vacuum, 0 as retained
              from pg_stat_activity a left join locks k on k.pid = a.pid
             where a.backend_type = 'client backend' and a.pid <> pg_backend_pid()
               and a.xact_start < clock_timestamp() - ? * interval '1 millisecond'
            union all
            select 'PREPARED', x.gid, x.database, x.database = current_database(), x.owner, '', 'prepared',
                   (extract(epoch from clock_timestamp() - x.prepared) * 1000)::bigint, k.segments, true, 0
              from pg_prepared_xacts x
              left join pg_locks i on i.locktype = 'transactionid' and i.transactionid = x.transaction and i.pid is null
              left join locks k on k.pid is null and k.virtualtransaction = i.virtualtransaction
             where x.prepared < clock_timestamp() - ? * interval '1 millisecond'
            union all
            select 'SLOT', r.slot_name, r.database, r.database is null or r.database = current_database(), '', '',
                   case when r.active then 'active' else 'inactive' end, null, null, r.xmin is not null,
                   case when pg_is_in_recovery() then 0
                        else coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), r.restart_lsn), 0) end::bigint
              from pg_replication_slots r
             where r.xmin is not null or r.restart_lsn is not null
            union all
            select 'STANDBY', coalesce(nullif(s.application_name, ''), s.pid::text), null, true, s.usename, '', s.state,
                   null, null, true, 0
              from pg_stat_replication s where s.backend_xmin is not null
             order by 8 desc nulls last, 1, 2""";

    private static final String HIDDEN = """
            select count(*) from pg_stat_activity
             where backend_type is null and pid <> pg_backend_pid() and datname is not null""";

    private final JdbcOperations jdbc;

    /** Of that database's cluster. */
    public OldTransactions(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Those that are open for longer than that, the oldest first, and all slots and standbys that keep anything.
     *
     * @param longerThan what is not worth telling
     */
    public List<Holder> holders(Duration longerThan) {
        return jdbc.query(
                HOLDERS,
                (row, number) -> {
                    Long age = row.getObject("age", Long.class);
                    var segments = row.getArray("segments");
                    return new Holder(
                            Holder.Kind.valueOf(row.getString("kind")),
                            row.getString("name"),
                            row.getString("database"),
                            row.getBoolean("here"),
                            text(row.getString("username")),
                            text(row.getString("application")),
                            text(row.getString("state")),
                            age == null ? null : Duration.ofMillis(age),
                            segments == null ? List.of() : List.of((Integer[]) segments.getArray()),
                            row.getBoolean("vacuum"),
                            row.getLong("retained"));
                },
                longerThan.toMillis(),
                longerThan.toMillis());
    }

    /** The same in plain words, and whether anybody is hidden from this role. */
    public List<String> sentences(Duration longerThan) {
        List<String> sentences = new ArrayList<>();
        holders(longerThan).forEach(holder -> sentences.add(holder.sentence()));
        Long hidden = jdbc.queryForObject(HIDDEN, Long.class);
        if (hidden != null && hidden > 0) {
            sentences.add(
                    "%d sessions of other roles are hidden from this role; grant it pg_read_all_stats to see them too."
                            .formatted(hidden));
        }
        return sentences;
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
