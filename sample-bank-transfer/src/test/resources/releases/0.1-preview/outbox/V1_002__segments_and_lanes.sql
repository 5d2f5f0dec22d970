-- The outbox as a ring of segments, emptied by TRUNCATE; lanes with a cursor; parked keys.

-- Positions are drawn while the writer holds the lock of what a message tells of; a cache would mix their order up.
create sequence saga_outbox_position as bigint cache 1;

alter table saga_outbox rename to saga_outbox_before;

-- A segment takes what is appended within 64 seconds, and its turn comes again after 512. The clock chooses it, so that no
-- writer reads a setting; nothing but the time of clearing up depends on it.
create table saga_outbox (
  position      bigint      not null default nextval('saga_outbox_position'),
  id            uuid        not null,
  aggregatetype text        not null,
  aggregateid   text        not null,
  type          text        not null,
  payload       bytea       not null,
  headers       bytea       not null,
  bucket        smallint    not null constraint saga_outbox_bucket check (bucket between 0 and 255),
  xid           xid8        not null default pg_current_xact_id(),
  created_at    timestamptz not null default clock_timestamp(),
  segment       smallint    not null default ((date_part('epoch', clock_timestamp())::bigint >> 6) & 7)
) partition by list (segment);

-- Rows that only come and go with their segment need no vacuum; those of the simple mode, which deletes, do.
do $$
begin
  for segment in 0..7 loop
    execute format('create table %I partition of saga_outbox for values in (%s) with (
                      autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
                      autovacuum_vacuum_insert_threshold = -1, autovacuum_vacuum_cost_delay = 0, vacuum_truncate = off)',
                   'saga_outbox_' || segment, segment);
  end loop;
end $$;

create index saga_outbox_by_xid on saga_outbox (xid);
create index saga_outbox_by_position on saga_outbox (position);

select setval('saga_outbox_position', coalesce((select max(position) from saga_outbox_before), 0) + 1, false);
insert into saga_outbox (position, id, aggregatetype, aggregateid, type, payload, headers, bucket, created_at)
select position, id, aggregatetype, aggregateid, type, payload, headers, bucket, created_at from saga_outbox_before;
drop table saga_outbox_before;

-- A lane publishes the buckets whose number modulo lane_count is its own. Published is what was visible in published_to, and
-- of what became visible until cut_to, the rows up to cut_position. Snapshots mean nothing in another cluster.
alter table saga_lane
  add column lane_count        smallint    not null default 1,
  add column published_to      pg_snapshot not null default '1:1:',
  add column cut_to            pg_snapshot,
  add column cut_position      bigint,
  add column system_identifier bigint,
  add constraint saga_lane_cut check ((cut_to is null) = (cut_position is null)),
  set (fillfactor = 10);
update saga_lane set system_identifier = (select system_identifier from pg_control_system());
alter table saga_lane alter column system_identifier set not null;

-- Relay processes that are alive, so that each takes its fair share of the lanes.
create table saga_relay (
  owner       text        primary key,
  since       timestamptz not null default clock_timestamp(),
  alive_until timestamptz not null
) with (fillfactor = 10);

-- Keys whose records wait in saga_parked: behind one that Kafka refuses, or released and about to be published.
drop index saga_parked_key;
create index saga_parked_by_key on saga_parked (aggregatetype, aggregateid, position);
create table saga_parked_key (
  aggregatetype text        not null,
  aggregateid   text        not null,
  bucket        smallint    not null,
  blocked_by    bigint,
  since         timestamptz not null default clock_timestamp(),
  primary key (aggregatetype, aggregateid)
);
create index saga_parked_key_released on saga_parked_key (bucket) where blocked_by is null;
-- Only the refused record has a reason; its followers wait because of it.
alter table saga_parked alter column reason_code drop not null, alter column reason drop not null;
insert into saga_parked_key (aggregatetype, aggregateid, bucket, blocked_by, since)
select distinct on (aggregatetype, aggregateid) aggregatetype, aggregateid, bucket, position, parked_at
  from saga_parked order by aggregatetype, aggregateid, position;

-- What no relay has noted as published; parked records are not among it.
create view saga_outbox_pending as
select o.* from saga_outbox o join saga_lane l on o.bucket % l.lane_count = l.lane
 where not pg_visible_in_snapshot(o.xid, l.published_to)
   and not coalesce(pg_visible_in_snapshot(o.xid, l.cut_to) and o.position <= l.cut_position, false);

-- What became visible for a lane since a snapshot, by position. The newest rows have no statistics, so the planner is told
-- not to read whole segments for them. One row without a position tells that there is nothing, or (found) more than max_rows.
create function saga_outbox_fresh(of_lane int, lanes int, since pg_snapshot, max_rows int, max_bytes bigint)
returns table (seen text, found bigint, "position" bigint, topic text, key text, payload bytea, headers bytea, parked boolean)
language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set max_parallel_workers_per_gather = 0 set jit = off
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
  -- Nobody was under way then, so nobody can have committed late. That spares a second look at each segment.
  if pg_snapshot_xmin(since) = pg_snapshot_xmax(since) then
    return query
    with delta as materialized (
      select o.position, o.aggregatetype, o.aggregateid, o.payload, o.headers,
             octet_length(o.payload) + octet_length(o.headers) as bytes
        from saga_outbox o
       where o.xid >= pg_snapshot_xmax(since) and o.bucket % lanes = of_lane
       order by o.xid
       limit max_rows + 1),
    counted as materialized (select count(*) as rows from delta)
    select pg_current_snapshot()::text, n.rows, d.position, d.aggregatetype, d.aggregateid, d.payload, d.headers,
           exists (select 1 from saga_parked_key k
                    where k.aggregatetype = d.aggregatetype and k.aggregateid = d.aggregateid)
      from counted n
      left join (select r.*, sum(r.bytes) over (order by r.position rows unbounded preceding) - r.bytes as bytes_before
                   from delta r) d
        on n.rows <= max_rows and (d.bytes_before = 0 or d.bytes_before + d.bytes <= max_bytes)
     order by d.position;
    return;
  end if;
  return query
  with delta as materialized (
    (select o.position, o.aggregatetype, o.aggregateid, o.payload, o.headers,
            octet_length(o.payload) + octet_length(o.headers) as bytes
       from saga_outbox o
      where o.xid >= pg_snapshot_xmax(since) and o.bucket % lanes = of_lane
      order by o.xid
      limit max_rows + 1)
    union all
    (select o.position, o.aggregatetype, o.aggregateid, o.payload, o.headers,
            octet_length(o.payload) + octet_length(o.headers) as bytes
       from saga_outbox o
      where o.xid = any (array(select pg_snapshot_xip(since))) and o.bucket % lanes = of_lane
      limit max_rows + 1)),
  counted as materialized (select count(*) as rows from delta)
  select pg_current_snapshot()::text, n.rows, d.position, d.aggregatetype, d.aggregateid, d.payload, d.headers,
         exists (select 1 from saga_parked_key k
                  where k.aggregatetype = d.aggregatetype and k.aggregateid = d.aggregateid)
    from counted n
    left join (select r.*, sum(r.bytes) over (order by r.position rows unbounded preceding) - r.bytes as bytes_before
                 from delta r) d
      on n.rows <= max_rows and (d.bytes_before = 0 or d.bytes_before + d.bytes <= max_bytes)
   order by d.position;
end $$;

-- What became visible for a lane between two snapshots, by position, after one: for a delta that is too large for one read.
create function saga_outbox_between(of_lane int, lanes int, since pg_snapshot, until pg_snapshot, after bigint,
                                    max_rows int, max_bytes bigint)
returns table (found bigint, "position" bigint, topic text, key text, payload bytea, headers bytea, parked boolean)
language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set max_parallel_workers_per_gather = 0 set jit = off
as $$
#variable_conflict use_column
begin
  return query
  with next as materialized (
    select o.position, o.aggregatetype, o.aggregateid, o.payload, o.headers,
           octet_length(o.payload) + octet_length(o.headers) as bytes
      from saga_outbox o
     where o.position > after and o.bucket % lanes = of_lane
       and not pg_visible_in_snapshot(o.xid, since) and pg_visible_in_snapshot(o.xid, until)
     order by o.position
     limit max_rows)
  select d.rows, d.position, d.aggregatetype, d.aggregateid, d.payload, d.headers,
         exists (select 1 from saga_parked_key k
                  where k.aggregatetype = d.aggregatetype and k.aggregateid = d.aggregateid)
    from (select r.*, sum(r.bytes) over (order by r.position rows unbounded preceding) - r.bytes as bytes_before,
                 count(*) over () as rows
            from next r) d
   where d.bytes_before = 0 or d.bytes_before + d.bytes <= max_bytes
   order by d.position;
end $$;

-- Where that walk begins. The sum keeps the planner from looking for the smallest position of all.
create function saga_outbox_cut(of_lane int, lanes int, since pg_snapshot, out seen text, out first bigint)
language plpgsql
set enable_seqscan = off set max_parallel_workers_per_gather = 0 set jit = off
as $$
begin
  select pg_current_snapshot()::text,
         least((select min(o.position + 0) from saga_outbox o
                 where o.xid >= pg_snapshot_xmax(since) and o.bucket % lanes = of_lane),
               (select min(o.position + 0) from saga_outbox o
                 where o.xid = any (array(select pg_snapshot_xip(since))) and o.bucket % lanes = of_lane))
    into seen, first;
end $$;

-- Empties one segment if nobody holds it and every row in it is published. Never waits.
create function saga_outbox_truncate(segment int) returns text language plpgsql as $$
declare
  name text := 'saga_outbox_' || segment;
  unpublished text := format(
    'select exists (select 1 from saga_lane l
                     where exists (select 1 from %1$I o where o.xid >= pg_snapshot_xmax(l.published_to))
                        or exists (select 1 from %1$I o where o.xid = any (array(select pg_snapshot_xip(l.published_to)))))',
    name);
  answer boolean;
begin
  execute unpublished into answer;
  if answer then
    return 'UNPUBLISHED';
  end if;
  begin
    execute format('lock table %I in access exclusive mode nowait', name);
  exception when lock_not_available then
    return 'LOCKED';
  end;
  -- Nobody can have written to it since but transactions that have ended; this look sees them.
  execute unpublished into answer;
  if answer then
    return 'UNPUBLISHED';
  end if;
  execute format('truncate table %I', name);
  return 'TRUNCATED';
end $$;

-- For an operator: another number of lanes. Every relay must be stopped and, unless no lane was ever used, the outbox empty.
create function saga_outbox_set_lanes(wanted int) returns void language plpgsql as $$
declare
  seen pg_snapshot;
begin
  if wanted not between 1 and 256 then
    raise exception 'An outbox has 1 to 256 lanes, not %', wanted;
  end if;
  lock table saga_lane in share row exclusive mode;
  if exists (select 1 from saga_lane where lease_until > clock_timestamp()) then
    raise exception 'A relay still holds a lane. Stop all relays of this database, then run saga_outbox_set_lanes again'
      using detail = (select string_agg(owner || ' has lane ' || lane, ', ') from saga_lane where lease_until > clock_timestamp());
  end if;
  if (select count(distinct published_to::text) = 1 and count(cut_to) = 0 from saga_lane) then
    select min(published_to::text)::pg_snapshot into seen from saga_lane;
  else
    select pg_current_snapshot() into seen where not exists (select 1 from saga_outbox_pending);
    if seen is null then
      raise exception 'Messages are pending. Let a relay publish them, stop it, then run saga_outbox_set_lanes again';
    end if;
  end if;
  delete from saga_lane where lane >= wanted;
  insert into saga_lane (lane, bucket_count, system_identifier)
  select lane, 256, (select system_identifier from pg_control_system()) from generate_series(0, wanted - 1) lane
      on conflict (lane) do nothing;
  update saga_lane set lane_count = wanted, published_to = seen, cut_to = null, cut_position = null;
end $$;

-- For an operator: after a restore into another cluster, whose transaction numbers the stored ones are not. Everything in the
-- outbox is published again.
create function saga_outbox_after_restore() returns void language plpgsql as $$
begin
  lock table saga_lane in share row exclusive mode;
  update saga_outbox set xid = pg_current_xact_id();
  update saga_lane set published_to = '1:1:', cut_to = null, cut_position = null, owner = null, lease_until = '-infinity',
                       epoch = epoch + 1, system_identifier = (select system_identifier from pg_control_system());
end $$;
