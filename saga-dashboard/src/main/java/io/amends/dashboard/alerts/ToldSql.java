package io.amends.dashboard.alerts;

/**
 * The statement that compares what is stuck and is no saga with what was told of, and notes each difference as an alert.
 * What is there comes from a query, which may end before all of it is told, the oldest first: then what began after the
 * last that it has is not known to be gone.
 */
final class ToldSql {

    /** How many of one kind are looked at, the oldest first. Of more than that at once the youngest are not told. */
    static final int MOST = 10_000;

    /** How many alerts of each kind one look notes at most; the next look goes on. */
    static final int AT_ONCE = 1_000;

    private static final String NOTE = """
            with there (kind, place, saga_id, participant, reason, code, since, is_due) as materialized (
            %s),
            cut as (
              select kind, max(since) as until from there group by kind having count(*) >= %d),
            found as (
              insert into saga_console_told (kind, place, saga_id, participant, reason, code, since)
              select t.kind, t.place, t.saga_id, t.participant, t.reason, t.code, t.since from there t
               where t.is_due
                 and not exists (select from saga_console_told k where k.kind = t.kind and k.place = t.place)%s
               order by t.since, t.place limit %d
                  on conflict do nothing
              returning *),
            gone as (
              delete from saga_console_told k
               where (k.kind, k.place) in (
                     select o.kind, o.place from saga_console_told o
                      where o.kind = any (?::text[])
                        and not exists (select from there t where t.kind = o.kind and t.place = o.place)
                        and not exists (select from cut c where c.kind = o.kind and o.since >= c.until)
                      limit %d)
              returning *)
            insert into saga_console_alert (event, kind, place, saga_id, participant, reason, code, since, became)
            select * from (
              select 'GOT_STUCK', f.kind, f.place, f.saga_id, f.participant, f.reason, f.code, f.since, null from found f
              union all
              select 'RECOVERED', o.kind, o.place, o.saga_id, o.participant, o.reason, o.code, o.since, 'REMOVED' from gone o)
                   a (event, kind, place, saga_id, participant, reason, code, since, became)
             order by since, place
            returning *""";

    private ToldSql() {}

    /**
     * Takes the arguments of that query, and then the kinds of which it has all.
     *
     * @param there selects the columns of {@code there}
     * @param unless a further condition on what is told, or empty
     */
    static String note(String there, String unless) {
        return NOTE.formatted(there, MOST, unless, AT_ONCE, AT_ONCE);
    }
}
