-- What operators did about parked records, and what they ask about.

-- Who did what to which parked record, and why. An edited or discarded record is kept as it was.
create table saga_outbox_audit (
  audit_id       bigint      generated always as identity primary key,
  at             timestamptz not null default clock_timestamp(),
  verb           text        not null,
  operator       text        not null,
  why            text        not null,
  position       bigint      not null,
  message_id     uuid        not null,
  aggregatetype  text        not null,
  aggregateid    text        not null,
  type           text        not null,
  reason_code    text,
  refusal        text,
  payload        bytea,
  headers        bytea
);
create index saga_outbox_audit_at on saga_outbox_audit (at);
create index saga_outbox_audit_position on saga_outbox_audit (position);

-- How many messages of each lane wait, counted up to a limit, and when the oldest of those was appended.
create function saga_outbox_waiting(most int) returns table (lane smallint, waiting bigint, oldest timestamptz)
language plpgsql stable
set enable_seqscan = off set enable_bitmapscan = off set max_parallel_workers_per_gather = 0 set jit = off
as $$
#variable_conflict use_column
begin
  return query
  select l.lane, least(count(f.created_at), most), min(f.created_at)
    from saga_lane l
    left join lateral (
      (select o.created_at from saga_outbox o
        where l.cut_to is null and o.xid >= pg_snapshot_xmax(l.published_to) and o.bucket % l.lane_count = l.lane
        order by o.xid limit most)
      union all
      (select o.created_at from saga_outbox o
        where l.cut_to is null and o.xid = any (array(select pg_snapshot_xip(l.published_to)))
          and o.bucket % l.lane_count = l.lane
        order by o.xid limit most)
      union all
      (select o.created_at from saga_outbox o
        where o.position > l.cut_position and o.bucket % l.lane_count = l.lane
          and not pg_visible_in_snapshot(o.xid, l.published_to)
        order by o.position limit most)) f on true
   group by l.lane;
end $$;

-- The segments, and what stands in the way of emptying each: as saga_outbox_truncate sees it, and without touching any.
create function saga_outbox_segments()
returns table (segment int, bytes bigint, estimate bigint, is_current boolean, is_next boolean, unpublished boolean)
language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set max_parallel_workers_per_gather = 0 set jit = off
as $$
#variable_conflict use_column
declare
  now_at int := ((date_part('epoch', clock_timestamp())::bigint >> 6) & 7)::int;
  name text;
begin
  for n in 0..7 loop
    name := 'saga_outbox_' || n;
    segment := n;
    is_current := n = now_at;
    is_next := n = (now_at + 1) & 7;
    select pg_total_relation_size(c.oid), greatest(c.reltuples, 0)::bigint into bytes, estimate
      from pg_class c where c.oid = name::regclass;
    execute format(
      'select exists (select 1 from saga_lane l
                       where exists (select 1 from %1$I o where o.xid >= pg_snapshot_xmax(l.published_to))
                          or exists (select 1 from %1$I o where o.xid = any (array(select pg_snapshot_xip(l.published_to)))))',
      name) into unpublished;
    return next;
  end loop;
end $$;
