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
  bucket        smallint    not null,
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
