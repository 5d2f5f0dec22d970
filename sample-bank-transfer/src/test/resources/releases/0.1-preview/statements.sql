INSERT INTO "public"."saga_schema_history" ("installed_rank", "version", "description", "type", "script", "checksum", "installed_by", "execution_time", "success") VALUES (1, '0', '<< Flyway Baseline >>', 'BASELINE', '<< Flyway Baseline >>', NULL, 'postgres', 0, TRUE)
-- next statement
insert into saga_lane (lane, bucket_count) values (0, 256)
-- next statement
INSERT INTO "public"."saga_schema_history" ("installed_rank", "version", "description", "type", "script", "checksum", "installed_by", "execution_time", "success") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
-- next statement
update saga_lane set system_identifier = (select system_identifier from pg_control_system())
-- next statement
insert into saga_parked_key (aggregatetype, aggregateid, bucket, blocked_by, since)
select distinct on (aggregatetype, aggregateid) aggregatetype, aggregateid, bucket, position, parked_at
from saga_parked order by aggregatetype, aggregateid, position
-- next statement
update saga_instance set stuck_since = updated_at where phase = 'STUCK'
-- next statement
select i.saga_name, i.saga_version, i.fingerprint, coalesce(d.text, '') as text, count(*) as number
from saga_instance i
left join saga_definition d using (saga_name, saga_version, fingerprint)
where i.phase in ('RUNNING', 'COMPENSATING', 'STUCK')
group by 1, 2, 3, 4 order by 1, 2, 3
-- next statement
insert into saga_definition (saga_name, saga_version, fingerprint, text)
select * from unnest($1::text[], $2::int[], $3::text[], $4::text[])
on conflict (saga_name, saga_version, fingerprint) do nothing
-- next statement
delete from saga_definition_step s
where (s.saga_name, s.saga_version) in (select * from unnest($1::text[], $2::int[]))
and (s.saga_name, s.saga_version, s.step) not in (select * from unnest($3::text[], $4::int[], $5::text[]))
-- next statement
insert into saga_definition_step as s
(saga_name, saga_version, step, position, kind, does, participant, timeout_ms, attempts,
patience_ms, on_exhausted, compensation, compensation_timeout_ms, compensation_attempts,
compensation_patience_ms)
select * from unnest($1::text[], $2::int[], $3::text[], $4::int[], $5::text[], $6::text[], $7::text[],
$8::bigint[], $9::int[], $10::bigint[], $11::text[], $12::text[], $13::bigint[], $14::int[],
$15::bigint[])
order by 1, 2, 3
on conflict (saga_name, saga_version, step) do update
set position = excluded.position, kind = excluded.kind, does = excluded.does,
participant = excluded.participant, timeout_ms = excluded.timeout_ms,
attempts = excluded.attempts, patience_ms = excluded.patience_ms,
on_exhausted = excluded.on_exhausted, compensation = excluded.compensation,
compensation_timeout_ms = excluded.compensation_timeout_ms,
compensation_attempts = excluded.compensation_attempts,
compensation_patience_ms = excluded.compensation_patience_ms
where s is distinct from excluded
-- next statement
select pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as read_only,
(select seqcache from pg_sequence where seqrelid = 'saga_outbox_position'::regclass) as sequence_cache,
count(*) as lanes, min(lane_count) as lane_count, max(epoch) as epoch,
bool_and(bucket_count = $1) as same_buckets, min(bucket_count) as buckets,
bool_and(system_identifier = (select system_identifier from pg_control_system())) as same_cluster,
current_setting('synchronous_commit') as synchronous_commit
from saga_lane
-- next statement
with relaxed as materialized (select set_config('synchronous_commit', 'off', true)),
alive as (
insert into saga_relay (owner, alive_until)
select $1, clock_timestamp() + $2 * interval '1 millisecond' from relaxed
on conflict (owner) do update set alive_until = excluded.alive_until),
gone as (
delete from saga_relay where owner in (
select owner from saga_relay where alive_until < clock_timestamp() - $3 * interval '10 milliseconds'
for update skip locked)),
renewed as (
update saga_lane l set lease_until = clock_timestamp() + $4 * interval '1 millisecond'
from unnest($5::smallint[], $6::bigint[]) held (lane, epoch)
where l.lane = held.lane and l.epoch = held.epoch and l.owner = $7
returning l.lane)
select l.lane, l.owner is null or l.lease_until < clock_timestamp() or l.owner = $8 as free,
exists (select 1 from renewed r where r.lane = l.lane) as renewed,
exists (select 1 from saga_parked_key k
where k.blocked_by is null and k.bucket % l.lane_count = l.lane) as released,
array(select owner from saga_relay where alive_until > clock_timestamp()) as alive
from saga_lane l order by l.lane
-- next statement
with free as (
select lane from saga_lane
where lane = any ($1::smallint[]) and (owner is null or owner = $2 or lease_until < clock_timestamp())
order by lane for update skip locked)
update saga_lane l
set owner = $3, epoch = epoch + 1, lease_until = clock_timestamp() + $4 * interval '1 millisecond'
from free where l.lane = free.lane
returning l.lane, l.epoch
-- next statement
select redelivery_id from saga_inbox_redelivery
where participant = $1 and next_attempt_at <= clock_timestamp()
order by next_attempt_at limit $2
-- next statement
select published_to::text, cut_to::text, coalesce(cut_position, 0), lane_count
from saga_lane where lane = $1 and owner = $2 and epoch = $3
-- next statement
select position, aggregatetype, aggregateid, payload, headers
from (select r.*, sum(r.bytes) over (order by r.position rows unbounded preceding) - r.bytes as bytes_before
from (select p.*, octet_length(p.payload) + octet_length(p.headers) as bytes
from saga_parked p
join saga_parked_key k using (aggregatetype, aggregateid)
join saga_lane l on k.bucket % l.lane_count = l.lane
where l.lane = $1 and k.blocked_by is null
order by p.position
limit $2) r) d
where bytes_before = 0 or bytes_before + bytes <= $3
order by position
-- next statement
with owned as materialized (
select lane, lane_count from saga_lane where lane = $1 and owner = $2 and epoch = $3 for update),
freed as (
delete from saga_parked_key k using owned l
where k.blocked_by is null and k.bucket % l.lane_count = l.lane
and not exists (select 1 from saga_parked p
where p.aggregatetype = k.aggregatetype and p.aggregateid = k.aggregateid))
select count(*) from owned
-- next statement
select * from saga_outbox_fresh($1, $2, $3::pg_snapshot, $4, $5)
-- next statement
select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'saga_inbox'::regclass
-- next statement
delete from saga_inbox_default where ctid = any(array(
select ctid from saga_inbox_default where received_at < clock_timestamp() - $1 * interval '1 millisecond' limit $2))
-- next statement
delete from saga_inbox_other where ctid = any(array(
select ctid from saga_inbox_other where received_at < clock_timestamp() - $1 * interval '1 millisecond' limit $2))
-- next statement
delete from saga_inbox_partition where ctid = any(array(
select ctid from saga_inbox_partition where moved_at < clock_timestamp() - $1 * interval '1 millisecond'
and exists (select 1 from saga_inbox_partition newer
where newer.consumer = saga_inbox_partition.consumer
and newer.topic = saga_inbox_partition.topic
and newer.topic_id <> saga_inbox_partition.topic_id
and newer.moved_at > saga_inbox_partition.moved_at
and newer.next_offset > 0) limit $2))
-- next statement
delete from saga_inbox_audit where ctid = any(array(
select ctid from saga_inbox_audit where at < clock_timestamp() - $1 * interval '1 millisecond' limit $2))
-- next statement
select w.topic, w.partition_no, w.offset_no, w.record_key, w.payload, w.headers
from saga_waiting_reply w join saga_instance i using (saga_id)
where (i.saga_name, i.saga_version) in (select * from unnest($1::text[], $2::int[]))
order by w.waits_since, w.topic, w.partition_no, w.offset_no limit $3
-- next statement
select saga_id, saga_name, saga_version, fingerprint, business_key, body_hash, phase, reason_code, reason,
cause_code, cause, data, row_version, message_sequence, hlc, deadline_at, overdue, pause_reason,
paused_until, attributes, created_at, updated_at, clock_timestamp() as read_at from saga_instance i
where i.due_at <= clock_timestamp()
and exists (select from unnest($1::text[], $2::int[]) d (name, version)
where d.name = i.saga_name and d.version = i.saga_version)
order by i.due_at limit $3 for update skip locked
-- next statement
select u.saga_name, u.phase, u.reason_code, count(*) as number,
(extract(epoch from clock_timestamp() - min(u.updated_at)) * 1000)::bigint as unchanged
from (select i.saga_name, i.phase, case when i.phase = 'STUCK' then i.reason_code end as reason_code, i.updated_at
from saga_instance i
where i.phase in ('RUNNING', 'COMPENSATING', 'STUCK')
order by i.created_at limit $1) u
group by u.saga_name, u.phase, u.reason_code
-- next statement
select (select (extract(epoch from clock_timestamp() - min(i.due_at)) * 1000)::bigint
from saga_instance i where i.due_at is not null) as overdue,
(select count(*) from (select from saga_inbox_quarantine limit $1) q) as quarantined,
(select count(*) from (select from saga_inbox_redelivery limit $2) r) as waiting
-- next statement
with p as materialized (
select now, $1 * interval '1 millisecond' as lag, now - $2 * interval '1 millisecond' as unsent_before,
now - $3 * interval '1 millisecond' as absent_before, $4::int as hot,
$5 * interval '1 millisecond' as patience, $6::int as most
from clock_timestamp() now),
alive as materialized (
select min(n.since) as since from saga_node n where n.alive_until > (select now from p)),
dead as materialized (
select d.saga_name, d.saga_version, coalesce(max(n.alive_until), a.since) as since
from (select distinct saga_name, saga_version from saga_definition) d
cross join alive a
left join saga_node_definition v using (saga_name, saga_version)
left join saga_node n using (node)
where a.since is not null
group by d.saga_name, d.saga_version, a.since
having coalesce(max(n.alive_until), a.since) < (select absent_before from p)),
suspect (saga_id, rank, code, since) as (
(select i.saga_id, 1,
case when i.reason_code in ('COMPENSATION_FAILED', 'RETRIES_EXHAUSTED', 'DEADLINE_BREACHED',
'NO_HANDLER_VERSION')
then i.reason_code else 'NON_RETRYABLE' end,
coalesce(i.stuck_since, i.updated_at)
from saga_instance i
where i.phase = 'STUCK' and i.pause_reason is null
order by i.stuck_since limit (select most from p))
union all
(select i.saga_id, 2, 'NO_HANDLER_VERSION', greatest(d.since, i.created_at)
from dead d join saga_instance i using (saga_name, saga_version)
where i.phase in ('RUNNING', 'COMPENSATING') and i.pause_reason is null
order by i.created_at limit (select most from p))
union all
(select i.saga_id, 3, 'OUTBOX_BLOCKED', k.since
from (select k.since, case when k.aggregateid ~ '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then (k.aggregateid)::uuid end as saga_id
from saga_parked_key k
where k.blocked_by is not null and k.aggregatetype like 'saga.%'
order by k.since limit (select most from p)) k
join saga_instance i using (saga_id)
where i.phase in ('RUNNING', 'COMPENSATING') and i.pause_reason is null)
union all
(select i.saga_id, 3, 'OUTBOX_BLOCKED', o.created_at
from (select case when o.aggregateid ~ '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then (o.aggregateid)::uuid end as saga_id, o.created_at
from saga_outbox_waiting(1) w
join saga_lane l using (lane)
cross join lateral (
(select o.aggregatetype, o.aggregateid, o.created_at from saga_outbox o
where o.bucket % l.lane_count = l.lane and l.cut_to is null and o.xid >= pg_snapshot_xmax(l.published_to) order by o.xid limit (select most from p))
union all
(select o.aggregatetype, o.aggregateid, o.created_at from saga_outbox o
where o.bucket % l.lane_count = l.lane and l.cut_to is null and o.xid = any (array(select pg_snapshot_xip(l.published_to))) order by o.xid limit (select most from p))
union all
(select o.aggregatetype, o.aggregateid, o.created_at from saga_outbox o
where o.bucket % l.lane_count = l.lane and o.position > l.cut_position and not pg_visible_in_snapshot(o.xid, l.published_to) order by o.position limit (select most from p))) o
where w.oldest < (select unsent_before from p)
and o.created_at < (select unsent_before from p) and o.aggregatetype like 'saga.%') o
join saga_instance i using (saga_id)
where i.phase in ('RUNNING', 'COMPENSATING') and i.pause_reason is null)
union all
(select i.saga_id, 4, 'NO_LIVE_OWNER', coalesce(i.paused_until, e.due_at)
from saga_instance i
cross join lateral (select least((select min(s.due_at) from saga_step s
where s.saga_id = i.saga_id and s.status in ('SENT', 'COMPENSATING')),
case when i.cause_code is null and not i.overdue then i.deadline_at end) as due_at) e
where i.due_at < (select now - lag from p)
and (i.paused_until is not null or (i.phase in ('RUNNING', 'COMPENSATING') and i.pause_reason is null and e.due_at < (select now - lag from p)))
order by i.due_at limit (select most from p))
union all
(select i.saga_id, 4, 'NO_LIVE_OWNER', least((select now from p), coalesce(e.due_at, i.updated_at))
from saga_instance i
cross join lateral (select least((select min(s.due_at) from saga_step s
where s.saga_id = i.saga_id and s.status in ('SENT', 'COMPENSATING')),
case when i.cause_code is null and not i.overdue then i.deadline_at end) as due_at) e
where i.due_failures > 2 and i.phase in ('RUNNING', 'COMPENSATING') and i.pause_reason is null
order by i.created_at limit (select most from p))
union all
(select i.saga_id, 5, 'QUARANTINED_MESSAGE', q.quarantined_at
from (select case when encode(q.record_key, 'escape') ~ '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then (encode(q.record_key, 'escape'))::uuid end as saga_id, q.quarantined_at
from saga_inbox_quarantine q
where q.topic like 'saga.%.replies' and q.reason_code <> 'UNKNOWN_SAGA'
order by q.quarantined_at limit (select most from p)) q
join saga_instance i using (saga_id)
where i.phase in ('RUNNING', 'COMPENSATING') and i.pause_reason is null
and exists (select from saga_step s
where s.saga_id = i.saga_id and s.status in ('SENT', 'COMPENSATING')
and s.first_sent_at <= q.quarantined_at))
union all
(select i.saga_id, 6, 'DEADLINE_BREACHED', i.deadline_at
from saga_instance i
where i.overdue and i.phase = 'RUNNING' and i.cause_code is null and i.pause_reason is null
order by i.deadline_at limit (select most from p))
union all
(select i.saga_id, 7, 'WAITING_PERSON_OVERDUE', s.sla_at
from saga_step s join saga_instance i using (saga_id)
where s.sla_at < (select now from p) and s.status = 'SENT'
and i.phase = 'RUNNING' and i.cause_code is null and i.pause_reason is null
order by s.sla_at limit (select most from p))
union all
(select t.saga_id,
case when t.late and t.does = 'SIGNAL' then 7 when t.late and t.error is null then 8 else 9 end,
case when t.late and t.does = 'SIGNAL' then 'WAITING_PERSON_OVERDUE'
when t.late and t.error is null then 'REPLY_OVERDUE' else 'HOT_RETRY' end,
case when t.late and (t.does = 'SIGNAL' or t.error is null) then t.overdue_at
else t.first_sent_at end
from (select s.saga_id, s.error, s.attempts, s.first_sent_at, d.does, a.overdue_at,
a.overdue_at < (select now - lag from p) as late
from (select i.saga_id, i.saga_name, i.saga_version
from saga_instance i
where i.tried is not null and i.phase in ('RUNNING', 'COMPENSATING') and i.pause_reason is null
order by i.created_at limit (select most from p)) i
join saga_step s using (saga_id)
left join saga_definition_step d using (saga_name, saga_version, step)
cross join lateral (
select s.first_sent_at
+ coalesce(case s.status when 'SENT' then d.patience_ms
else d.compensation_patience_ms end * interval '1 millisecond',
(select patience from p)) as overdue_at) a
where s.status in ('SENT', 'COMPENSATING') and s.attempts > 1 and s.held_for is null) t
where t.late or t.attempts >= (select hot from p))
union all
(select i.saga_id, 8, 'REPLY_OVERDUE', a.overdue_at
from (select s.saga_id, s.step, s.held_for, s.held_since from saga_step s
where s.held_for is not null limit (select most from p)) s
join saga_instance i using (saga_id)
left join saga_definition_step d using (saga_name, saga_version, step)
cross join lateral (
select s.held_since + coalesce(d.patience_ms * interval '1 millisecond',
(select patience from p)) as overdue_at) a
where i.phase = 'RUNNING' and i.pause_reason is null and a.overdue_at < (select now - lag from p)
and not exists (select from saga_participant_flow f
where f.participant = s.held_for and f.held_by is not null))),
stuck as (
select distinct on (saga_id) saga_id, code, since from suspect order by saga_id, rank, since)
, cell as (
select s.code, i.saga_name, i.saga_version,
(array['MINUTES', 'HOUR', 'DAY', 'LONGER'])[1 + width_bucket(extract(epoch from (select now from p) - s.since), array[300, 3600, 86400]::numeric[])] as age, s.since
from stuck s join saga_instance i using (saga_id))
select code, saga_name, saga_version, age, count(*) as number, min(since) as oldest
from cell group by code, saga_name, saga_version, age
-- next statement
select coalesce(p.participant, w.held_for) as participant, coalesce(p.state, 'CLOSED') as state,
coalesce(p.failures, 0) as failures, coalesce(p.since, w.first) as since, p.until, p.held_by,
p.held_reason, p.held_at, coalesce(w.number, 0) as number, w.first
from saga_participant_flow p
full join (select held_for, count(*) as number, min(held_since) as first from saga_step
where held_for is not null group by held_for) w on w.held_for = p.participant
order by 1
-- next statement
select name, value from saga_flow_setting
-- next statement
select * from saga_participant_flow
-- next statement
with recursive waited (name) as (
(select held_for from saga_step where held_for is not null order by held_for limit 1)
union all
select (select held_for from saga_step where held_for > waited.name order by held_for limit 1)
from waited where waited.name is not null)
select name from waited
where exists (select from saga_step s join saga_instance i using (saga_id)
where s.held_for = waited.name and i.phase = 'RUNNING' and i.pause_reason is null)
-- next statement
select pg_is_in_recovery() or current_setting('transaction_read_only')::boolean,
to_regclass('twopc_decision') is null or to_regclass('twopc_heuristic') is null, current_user
-- next statement
select bool_and(has_table_privilege(name, privilege))
from unnest(array['twopc_decision', 'twopc_heuristic']) name,
unnest(array['select', 'insert', 'update', 'delete']) privilege
-- next statement
select action_id from saga_console_unsettled where look_at <= clock_timestamp()
order by look_at, action_id limit $1 for update skip locked
-- next statement
insert into saga_node (node, alive_until) values ($1, clock_timestamp() + $2 * interval '1 millisecond')
on conflict (node) do update set alive_until = excluded.alive_until
-- next statement
insert into saga_node_definition (node, saga_name, saga_version)
select $1, d.* from unnest($2::text[], $3::int[]) d
on conflict do nothing
-- next statement
with known as (
select i.run_id, i.saga_id, o.state
from saga_bulk_item i join saga_console_outcome o using (action_id)
where i.state = 'ACCEPTED' limit $1 for update of i skip locked)
update saga_bulk_item i set state = k.state from known k
where i.run_id = k.run_id and i.saga_id = k.saga_id
-- next statement
delete from saga_node where alive_until < clock_timestamp() - interval '7 days'
-- next statement
update saga_bulk_run r
set owner = $1, epoch = case when r.owner = $2 then r.epoch else r.epoch + 1 end,
lease_until = clock_timestamp() + $3 * interval '1 millisecond'
where r.run_id in (
select c.run_id from saga_bulk_run c
where c.state = 'RUNNING' and (c.owner is null or c.owner = $4 or c.lease_until < clock_timestamp())
order by c.started_at limit $5 for update skip locked)
returning r.run_id, r.epoch
-- next statement
delete from twopc_branch where gid in (
select gid from twopc_branch
where noted_at < clock_timestamp() - make_interval(secs => $1)
order by noted_at limit $2)
-- next statement
select transaction_id, outcome, coordinator, participants, xids
from twopc_decision where done_at is null and installation = $1 order by decided_at limit $2
-- next statement
select pg_try_advisory_xact_lock(hashtextextended('saga_console_stuck', 0))
-- next statement
delete from saga_bulk_item where (run_id, saga_id) in (
select i.run_id, i.saga_id
from (select r.run_id from saga_bulk_run r
where ((r.state in ('DONE', 'CANCELLED') and r.ended_at < clock_timestamp() - $1 * interval '1 millisecond')
or (r.state = 'PREVIEW' and r.created_at < clock_timestamp() - $2 * interval '1 millisecond'))
order by r.created_at limit 100) r join saga_bulk_item i using (run_id)
limit $3 for update of i skip locked)
-- next statement
select (select count(*) from saga_console_stuck) as stuck,
(extract(epoch from clock_timestamp() - (select min(since) from saga_console_stuck)) * 1000)::bigint as oldest_stuck,
(extract(epoch from clock_timestamp() - (select min(w.oldest) from saga_outbox_waiting(1) w)) * 1000)::bigint as oldest_unsent
-- next statement
delete from saga_bulk_run where run_id in (
select r.run_id from saga_bulk_run r
where ((r.state in ('DONE', 'CANCELLED') and r.ended_at < clock_timestamp() - $1 * interval '1 millisecond')
or (r.state = 'PREVIEW' and r.created_at < clock_timestamp() - $2 * interval '1 millisecond'))
and not exists (select from saga_bulk_item i where i.run_id = r.run_id)
limit $3 for update skip locked)
-- next statement
delete from saga_console_request where request_id in (
select q.request_id from saga_console_request q
where coalesce(q.decided_at, q.expires_at) < clock_timestamp() - $1 * interval '1 millisecond'
limit $2 for update skip locked)
-- next statement
with p as materialized (
select now, $1 * interval '1 millisecond' as lag, now - $2 * interval '1 millisecond' as unsent_before,
now - $3 * interval '1 millisecond' as absent_before, $4::int as hot,
$5 * interval '1 millisecond' as patience, $6::int as most
from clock_timestamp() now),
alive as materialized (
select min(n.since) as since from saga_node n where n.alive_until > (select now from p)),
dead as materialized (
select d.saga_name, d.saga_version, coalesce(max(n.alive_until), a.since) as since
from (select distinct saga_name, saga_version from saga_definition) d
cross join alive a
left join saga_node_definition v using (saga_name, saga_version)
left join saga_node n using (node)
where a.since is not null
group by d.saga_name, d.saga_version, a.since
having coalesce(max(n.alive_until), a.since) < (select absent_before from p)),
suspect (saga_id, rank, code, since) as (
(select i.saga_id, 1,
case when i.reason_code in ('COMPENSATION_FAILED', 'RETRIES_EXHAUSTED', 'DEADLINE_BREACHED',
'NO_HANDLER_VERSION')
then i.reason_code else 'NON_RETRYABLE' end,
coalesce(i.stuck_since, i.updated_at)
from saga_instance i
where i.phase = 'STUCK' and i.pause_reason is null
order by i.stuck_since limit (select most from p))
union all
(select i.saga_id, 2, 'NO_HANDLER_VERSION', greatest(d.since, i.created_at)
from dead d join saga_instance i using (saga_name, saga_version)
where i.phase in ('RUNNING', 'COMPENSATING') and i.pause_reason is null
order by i.created_at limit (select most from p))
union all
(select i.saga_id, 3, 'OUTBOX_BLOCKED', k.since
from (select k.since, case when k.aggregateid ~ '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then (k.aggregateid)::uuid end as saga_id
from saga_parked_key k
where k.blocked_by is not null and k.aggregatetype like 'saga.%'
order by k.since limit (select most from p)) k
join saga_instance i using (saga_id)
where i.phase in ('RUNNING', 'COMPENSATING') and i.pause_reason is null)
union all
(select i.saga_id, 3, 'OUTBOX_BLOCKED', o.created_at
from (select case when o.aggregateid ~ '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then (o.aggregateid)::uuid end as saga_id, o.created_at
from saga_outbox_waiting(1) w
join saga_lane l using (lane)
cross join lateral (
(select o.aggregatetype, o.aggregateid, o.created_at from saga_outbox o
where o.bucket % l.lane_count = l.lane and l.cut_to is null and o.xid >= pg_snapshot_xmax(l.published_to) order by o.xid limit (select most from p))
union all
(select o.aggregatetype, o.aggregateid, o.created_at from saga_outbox o
where o.bucket % l.lane_count = l.lane and l.cut_to is null and o.xid = any (array(select pg_snapshot_xip(l.published_to))) order by o.xid limit (select most from p))
union all
(select o.aggregatetype, o.aggregateid, o.created_at from saga_outbox o
where o.bucket % l.lane_count = l.lane and o.position > l.cut_position and not pg_visible_in_snapshot(o.xid, l.published_to) order by o.position limit (select most from p))) o
where w.oldest < (select unsent_before from p)
and o.created_at < (select unsent_before from p) and o.aggregatetype like 'saga.%') o
join saga_instance i using (saga_id)
where i.phase in ('RUNNING', 'COMPENSATING') and i.pause_reason is null)
union all
(select i.saga_id, 4, 'NO_LIVE_OWNER', coalesce(i.paused_until, e.due_at)
from saga_instance i
cross join lateral (select least((select min(s.due_at) from saga_step s
where s.saga_id = i.saga_id and s.status in ('SENT', 'COMPENSATING')),
case when i.cause_code is null and not i.overdue then i.deadline_at end) as due_at) e
where i.due_at < (select now - lag from p)
and (i.paused_until is not null or (i.phase in ('RUNNING', 'COMPENSATING') and i.pause_reason is null and e.due_at < (select now - lag from p)))
order by i.due_at limit (select most from p))
union all
(select i.saga_id, 4, 'NO_LIVE_OWNER', least((select now from p), coalesce(e.due_at, i.updated_at))
from saga_instance i
cross join lateral (select least((select min(s.due_at) from saga_step s
where s.saga_id = i.saga_id and s.status in ('SENT', 'COMPENSATING')),
case when i.cause_code is null and not i.overdue then i.deadline_at end) as due_at) e
where i.due_failures > 2 and i.phase in ('RUNNING', 'COMPENSATING') and i.pause_reason is null
order by i.created_at limit (select most from p))
union all
(select i.saga_id, 5, 'QUARANTINED_MESSAGE', q.quarantined_at
from (select case when encode(q.record_key, 'escape') ~ '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then (encode(q.record_key, 'escape'))::uuid end as saga_id, q.quarantined_at
from saga_inbox_quarantine q
where q.topic like 'saga.%.replies' and q.reason_code <> 'UNKNOWN_SAGA'
order by q.quarantined_at limit (select most from p)) q
join saga_instance i using (saga_id)
where i.phase in ('RUNNING', 'COMPENSATING') and i.pause_reason is null
and exists (select from saga_step s
where s.saga_id = i.saga_id and s.status in ('SENT', 'COMPENSATING')
and s.first_sent_at <= q.quarantined_at))
union all
(select i.saga_id, 6, 'DEADLINE_BREACHED', i.deadline_at
from saga_instance i
where i.overdue and i.phase = 'RUNNING' and i.cause_code is null and i.pause_reason is null
order by i.deadline_at limit (select most from p))
union all
(select i.saga_id, 7, 'WAITING_PERSON_OVERDUE', s.sla_at
from saga_step s join saga_instance i using (saga_id)
where s.sla_at < (select now from p) and s.status = 'SENT'
and i.phase = 'RUNNING' and i.cause_code is null and i.pause_reason is null
order by s.sla_at limit (select most from p))
union all
(select t.saga_id,
case when t.late and t.does = 'SIGNAL' then 7 when t.late and t.error is null then 8 else 9 end,
case when t.late and t.does = 'SIGNAL' then 'WAITING_PERSON_OVERDUE'
when t.late and t.error is null then 'REPLY_OVERDUE' else 'HOT_RETRY' end,
case when t.late and (t.does = 'SIGNAL' or t.error is null) then t.overdue_at
else t.first_sent_at end
from (select s.saga_id, s.error, s.attempts, s.first_sent_at, d.does, a.overdue_at,
a.overdue_at < (select now - lag from p) as late
from (select i.saga_id, i.saga_name, i.saga_version
from saga_instance i
where i.tried is not null and i.phase in ('RUNNING', 'COMPENSATING') and i.pause_reason is null
order by i.created_at limit (select most from p)) i
join saga_step s using (saga_id)
left join saga_definition_step d using (saga_name, saga_version, step)
cross join lateral (
select s.first_sent_at
+ coalesce(case s.status when 'SENT' then d.patience_ms
else d.compensation_patience_ms end * interval '1 millisecond',
(select patience from p)) as overdue_at) a
where s.status in ('SENT', 'COMPENSATING') and s.attempts > 1 and s.held_for is null) t
where t.late or t.attempts >= (select hot from p))
union all
(select i.saga_id, 8, 'REPLY_OVERDUE', a.overdue_at
from (select s.saga_id, s.step, s.held_for, s.held_since from saga_step s
where s.held_for is not null limit (select most from p)) s
join saga_instance i using (saga_id)
left join saga_definition_step d using (saga_name, saga_version, step)
cross join lateral (
select s.held_since + coalesce(d.patience_ms * interval '1 millisecond',
(select patience from p)) as overdue_at) a
where i.phase = 'RUNNING' and i.pause_reason is null and a.overdue_at < (select now - lag from p)
and not exists (select from saga_participant_flow f
where f.participant = s.held_for and f.held_by is not null))),
stuck as (
select distinct on (saga_id) saga_id, code, since from suspect order by saga_id, rank, since)
, muted as materialized (select g.group_id, g.muted_until from saga_console_group g where g.muted_until > clock_timestamp()),changed as materialized (
select s.saga_id, s.code, s.since, k.reason as previous
from stuck s left join saga_console_stuck k using (saga_id)
where k.reason is distinct from s.code
and (not exists (select from muted)
or not exists (select from saga_instance i
left join lateral (
select s.step, s.status, s.participant, s.attempts, s.error, s.held_for
from saga_step s
where s.saga_id = i.saga_id
and (s.held_for is not null
or s.status in ('SENT', 'UNKNOWN', 'COMPENSATING', 'COMPENSATION_FAILED', 'REJECTED'))
order by case when s.status = 'COMPENSATION_FAILED' then 1
when s.status = 'COMPENSATING' then 2
when s.status = 'REJECTED' then case when i.cause_code is null then 3 else 6 end
when s.status = 'UNKNOWN' then 4
else 5 end,
s.attempts desc, s.first_sent_at, s.step
limit 1) at on true
join muted m on m.group_id = left(md5(concat_ws(e'\n', i.saga_name, coalesce(at.step, ''), s.code, left(regexp_replace(regexp_replace(regexp_replace(regexp_replace(left(split_part(coalesce(coalesce(case when i.phase = 'STUCK' then i.reason end, at.error, i.reason), ''), e'\n', 1), 600), '[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}', '#', 'g'), '"[^"]*"', '"#"', 'g'), '@[0-9a-f]{3,8}\M', '@#', 'g'), '[0-9]+([-.,:/TZ+]*[0-9]+)*Z?', '#', 'g'), 300))), 16)
where i.saga_id = s.saga_id))
order by s.since, s.saga_id limit $7),
missing as (
select k.saga_id from saga_console_stuck k
where not exists (select from stuck s where s.saga_id = k.saga_id) order by random() limit $8),
known as (
insert into saga_console_stuck (saga_id, saga_name, saga_version, business_key, reason, since)
select c.saga_id, i.saga_name, i.saga_version, i.business_key, c.code, c.since
from changed c join saga_instance i using (saga_id)
on conflict (saga_id) do update set reason = excluded.reason, since = excluded.since),
alert as (
insert into saga_console_alert
(event, saga_id, saga_name, saga_version, business_key, step, participant, reason, previous_reason, since)
select 'GOT_STUCK', c.saga_id, i.saga_name, i.saga_version, i.business_key, at.step,
coalesce(at.held_for, at.participant), c.code, c.previous, c.since
from changed c join saga_instance i using (saga_id)
left join lateral (
select s.step, s.status, s.participant, s.attempts, s.error, s.held_for
from saga_step s
where s.saga_id = i.saga_id
and (s.held_for is not null
or s.status in ('SENT', 'UNKNOWN', 'COMPENSATING', 'COMPENSATION_FAILED', 'REJECTED'))
order by case when s.status = 'COMPENSATION_FAILED' then 1
when s.status = 'COMPENSATING' then 2
when s.status = 'REJECTED' then case when i.cause_code is null then 3 else 6 end
when s.status = 'UNKNOWN' then 4
else 5 end,
s.attempts desc, s.first_sent_at, s.step
limit 1) at on true
order by c.since, c.saga_id
returning *)
select (select array_agg(m.saga_id) from missing m) as missing, a.*
from (select 1) one left join alert a on true order by a.alert_id
-- next statement
delete from saga_console_delivery where delivery_id in (
select d.delivery_id from saga_console_delivery d
where d.state <> 'OPEN' and d.created_at < clock_timestamp() - $1 * interval '1 millisecond'
limit $2 for update skip locked)
-- next statement
delete from saga_console_alert where alert_id in (
select a.alert_id
from (select f.alert_id, f.noticed_at from saga_console_alert f order by f.alert_id limit $1) a
where a.noticed_at < clock_timestamp() - $2 * interval '1 millisecond'
and not exists (select from saga_console_delivery d
where d.state = 'OPEN' and a.alert_id between d.first_alert and d.last_alert))
-- next statement
with instance as (
insert into saga_instance (saga_id, saga_name, saga_version, fingerprint, business_key, body_hash, phase,
reason_code, reason, cause_code, cause, data, row_version, message_sequence,
hlc, attributes, deadline_at, due_at)
select n.saga_id, n.saga_name, n.saga_version, n.fingerprint, n.business_key, n.body_hash, n.phase,
n.reason_code, n.reason, n.cause_code, n.cause, n.data, 0, n.message_sequence, n.hlc, n.attributes::jsonb,
clock_timestamp() + n.deadline * interval '1 millisecond',
clock_timestamp() + n.due * interval '1 millisecond'
from unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::text[], $6::bytea[], $7::text[], $8::text[],
$9::text[], $10::text[], $11::text[], $12::bytea[], $13::bigint[], $14::bigint[], $15::bigint[],
$16::bigint[], $17::text[])
n (saga_id, saga_name, saga_version, fingerprint, business_key, body_hash, phase, reason_code,
reason, cause_code, cause, data, message_sequence, hlc, deadline, due, attributes)
on conflict (saga_name, business_key) do nothing
returning saga_id),
step as (
insert into saga_step (saga_id, step, status, participant, outcome, attempts, error, first_sent_at, due_at,
sla_at, held_for, held_since)
select s.saga_id, s.step, s.status, s.participant, s.outcome, s.attempts, s.error,
clock_timestamp() + s.first_sent * interval '1 millisecond',
clock_timestamp() + s.due * interval '1 millisecond',
clock_timestamp() + s.sla * interval '1 millisecond', s.held_for,
clock_timestamp() + s.held * interval '1 millisecond'
from unnest($18::uuid[], $19::text[], $20::text[], $21::text[], $22::text[], $23::int[], $24::text[], $25::bigint[],
$26::bigint[], $27::bigint[], $28::text[], $29::bigint[])
s (saga_id, step, status, participant, outcome, attempts, error, first_sent, due, sla, held_for,
held)
join instance using (saga_id)),
history as (
insert into saga_history (saga_id, hlc, event, step, kind, participant, message_id, disposition, phase,
detail, place, data)
select h.*
from unnest($30::uuid[], $31::bigint[], $32::text[], $33::text[], $34::text[], $35::text[], $36::uuid[], $37::text[],
$38::text[], $39::text[], $40::text[], $41::bytea[])
h (saga_id, hlc, event, step, kind, participant, message_id, disposition, phase, detail, place, data)
join instance using (saga_id))
select saga_id from instance
-- next statement
insert into saga_outbox (id, aggregatetype, aggregateid, type, payload, headers, bucket)
values ($1, $2, $3, $4, $5, $6, $7)
-- next statement
select saga_id, saga_name, saga_version, fingerprint, business_key, body_hash, phase, reason_code, reason,
cause_code, cause, data, row_version, message_sequence, hlc, deadline_at, overdue, pause_reason,
paused_until, attributes, created_at, updated_at, clock_timestamp() as read_at from saga_instance where saga_name = $1 and business_key = any($2::text[])
-- next statement
select saga_id, step, status, participant, outcome, attempts, first_sent_at, due_at, error, sla_at, held_for, held_since,
round, updated_at
from saga_step where saga_id = any($1::uuid[])
-- next statement
with relaxed as materialized (select set_config('synchronous_commit', 'off', true))
update saga_lane set published_to = $1::pg_snapshot, cut_to = $2::pg_snapshot, cut_position = $3
from relaxed where lane = $4 and owner = $5 and epoch = $6
-- next statement
insert into saga_inbox_command (participant, saga_id, step, kind, message_id, outcome, reply_type, reply, round)
select $1, c.saga_id, c.step, c.kind, c.message_id, c.outcome, c.reply_type,
case when c.outcome is null then null else ''::bytea end, c.round
from unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::int[]) with ordinality
c (saga_id, step, kind, message_id, outcome, reply_type, round, ordinal)
cross join (select case when current_setting('lock_timeout') = '0'
then set_config('lock_timeout', $9, true) end) as patience
order by c.ordinal
on conflict do nothing
returning saga_id, step, kind, message_id
-- next statement
select distinct p.aggregatetype from saga_parked_key k join saga_parked p on p.position = k.blocked_by
where p.reason_code = any ($1::text[])
-- next statement
update saga_inbox_command i
set outcome = r.outcome, reply_type = r.reply_type, reply = r.reply
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[])
r (saga_id, step, kind, outcome, reply_type, reply)
where i.participant = $7 and i.saga_id = r.saga_id and i.step = r.step and i.kind = r.kind
-- next statement
select saga_id, saga_name, saga_version, fingerprint, business_key, body_hash, phase, reason_code, reason,
cause_code, cause, data, row_version, message_sequence, hlc, deadline_at, overdue, pause_reason,
paused_until, attributes, created_at, updated_at, clock_timestamp() as read_at from saga_instance where saga_id = any($1::uuid[]) order by saga_id for update
-- next statement
insert into saga_outbox (id, aggregatetype, aggregateid, type, payload, headers, bucket)
select m.id, m.topic, m.key, m.type, m.payload, m.headers, m.bucket
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::bytea[], $7::smallint[])
with ordinality m (id, topic, key, type, payload, headers, bucket, ordinal)
order by m.ordinal
-- next statement
with changed as (
update saga_instance i
set phase = c.phase, reason_code = c.reason_code, reason = c.reason, cause_code = c.cause_code,
cause = c.cause, data = c.data, message_sequence = c.message_sequence, hlc = c.hlc,
deadline_at = c.deadline_at, overdue = c.overdue, pause_reason = c.pause_reason,
paused_until = c.paused_until,
attributes = nullif(coalesce(c.attributes::jsonb, i.attributes), '{}'),
due_at = case when c.due_exactly or c.due_at is null then c.due_at
else least(i.due_at, c.due_at) end,
due_failures = 0, row_version = i.row_version + 1, updated_at = clock_timestamp(),
tried = c.tried,
stuck_since = case when c.phase = 'STUCK' then coalesce(i.stuck_since, clock_timestamp()) end
from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[],
$9::bigint[], $10::bigint[], $11::timestamptz[], $12::boolean[], $13::text[], $14::timestamptz[],
$15::timestamptz[], $16::boolean[], $17::text[], $18::int[])
c (saga_id, row_version, phase, reason_code, reason, cause_code, cause, data, message_sequence, hlc,
deadline_at, overdue, pause_reason, paused_until, due_at, due_exactly,
attributes, tried)
where i.saga_id = c.saga_id and i.row_version = c.row_version
returning i.saga_id),
step as (
insert into saga_step (saga_id, step, status, participant, outcome, attempts, error, first_sent_at, due_at,
sla_at, held_for, held_since, round)
select * from unnest($19::uuid[], $20::text[], $21::text[], $22::text[], $23::text[], $24::int[], $25::text[],
$26::timestamptz[], $27::timestamptz[], $28::timestamptz[], $29::text[], $30::timestamptz[],
$31::int[])
on conflict (saga_id, step) do update
set status = excluded.status, participant = excluded.participant, outcome = excluded.outcome,
attempts = excluded.attempts, error = excluded.error, first_sent_at = excluded.first_sent_at,
due_at = excluded.due_at, sla_at = excluded.sla_at, held_for = excluded.held_for,
held_since = excluded.held_since, round = excluded.round, updated_at = clock_timestamp()),
history as (
insert into saga_history (saga_id, hlc, event, step, kind, participant, message_id, disposition, phase,
detail, place, data)
select * from unnest($32::uuid[], $33::bigint[], $34::text[], $35::text[], $36::text[], $37::text[], $38::uuid[],
$39::text[], $40::text[], $41::text[], $42::text[], $43::bytea[]))
select count(*) from changed
-- next statement
select prepared.transaction::text::bigint as xid,
pg_snapshot_xmax(pg_current_snapshot())::text::bigint as snapshot_end,
branch.outcome
from (values ($1)) as asked (gid)
left join pg_prepared_xacts as prepared
on prepared.gid = asked.gid and prepared.database = current_database()
left join twopc_branch as branch on branch.gid = asked.gid
-- next statement
insert into twopc_branch (gid, outcome) values ($1, 'COMMITTED') on conflict (gid) do nothing
-- next statement
insert into twopc_decision (transaction_id, installation, coordinator, outcome, participants, xids) select id, $1, coordinator, 'COMMIT', string_to_array(participants, E'\x1f'), string_to_array(xids, E'\x1f', E'\x1e') from unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) as decided (id, coordinator, participants, xids) where (current_setting('synchronous_commit') = 'remote_apply' or set_config('synchronous_commit', 'on', true) = 'on') order by id on conflict do nothing returning transaction_id
-- next statement
select i.saga_id, i.step, i.kind, i.outcome, i.reply_type, i.reply
from saga_inbox_command i
where i.participant = $1
and (i.saga_id, i.step, i.kind) in (select * from unnest($2::uuid[], $3::text[], $4::text[]))
-- next statement
with mine as materialized (
select transaction_id from twopc_decision
where transaction_id = any ($1) and done_at is null and set_config('synchronous_commit', 'off', true) = 'off'
for update skip locked)
update twopc_decision d set done_at = clock_timestamp() from mine where d.transaction_id = mine.transaction_id
-- next statement
insert into saga_inbox_quarantine (topic, partition_no, offset_no, record_key, payload, headers,
reason_code, reason)
select * from unnest($1::text[], $2::int[], $3::bigint[], $4::bytea[], $5::bytea[], $6::bytea[], $7::text[],
$8::text[])
on conflict (topic, partition_no, offset_no) do nothing
-- next statement
select count(*) from saga_instance where phase = 'STUCK'
-- next statement
select count(*) from saga_console_stuck
-- next statement
select n from generate_series(0, 7) n,
lateral (select ((date_part('epoch', clock_timestamp())::bigint >> 6) & 7) as now) c
where n <> c.now and n <> (c.now + 1) & 7 and pg_relation_size(('saga_outbox_' || n)::regclass) > 0
-- next statement
insert into saga_outbox (id, aggregatetype, aggregateid, type, payload, headers, bucket)
select gen_random_uuid(), 'not a topic', aggregateid, type, payload, headers, bucket
from saga_outbox limit 1 returning position
-- next statement
select count(*) from saga_parked
-- next statement
with owned as materialized (
select lane, lane_count from saga_lane where lane = $1 and owner = $2 and epoch = $3 for update),
refused as materialized (
select r.* from unnest($4::bigint[], $5::text[], $6::text[]) r (position, reason_code, reason), owned),
known as (
update saga_parked p set reason_code = r.reason_code, reason = r.reason, parked_at = clock_timestamp()
from refused r where p.position = r.position
returning p.position, p.aggregatetype, p.aggregateid, p.bucket),
fresh as (
delete from saga_outbox o using refused r
where o.position = any ($7::bigint[]) and o.position = r.position
returning o.*, r.reason_code, r.reason),
added as (
insert into saga_parked (position, id, aggregatetype, aggregateid, type, payload, headers, bucket, xid, created_at, reason_code, reason) select position, id, aggregatetype, aggregateid, type, payload, headers, bucket, xid, created_at, reason_code, reason from fresh),
blocked as (
insert into saga_parked_key as k (aggregatetype, aggregateid, bucket, blocked_by)
select distinct on (aggregatetype, aggregateid) aggregatetype, aggregateid, bucket, position
from (select position, aggregatetype, aggregateid, bucket from known
union all select position, aggregatetype, aggregateid, bucket from fresh) a
order by aggregatetype, aggregateid, position
on conflict (aggregatetype, aggregateid)
do update set blocked_by = coalesce(least(k.blocked_by, excluded.blocked_by), excluded.blocked_by),
since = clock_timestamp())
select count(*) from owned
-- next statement
select count(*) from saga_lane where lane = $1 and owner = $2 and epoch = $3
-- next statement
select count(*) from saga_inbox_quarantine
-- next statement
select count(*) from saga_step where step = 'credit-destination' and status = 'SENT'
-- next statement
select count(*) from saga_step where step = 'capture-funds' and status = 'SENT'
-- next statement
select pg_notify('saga_outbox', $1)
-- next statement
select saga_outbox_truncate($1)
-- next statement
select count(*) from saga_instance where phase = 'COMPENSATING'
-- next statement
select count(*) from saga_outbox_pending
-- next statement
select c.oid::regclass::text from pg_class c
where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
and c.relname not in ('saga_schema_history', 'flyway_schema_history')
order by 1
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_audit'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(audit_id::text), quote_nullable(saga_id::text), quote_nullable(verb::text), quote_nullable(operator::text), quote_nullable(reason::text), quote_nullable(detail::text), quote_nullable(outcome::text), quote_nullable(phase_before::text), quote_nullable(phase_after::text), quote_nullable(at::text)) from saga_audit
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_bulk_item'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(run_id::text), quote_nullable(saga_id::text), quote_nullable("position"::text), quote_nullable(seen_revision::text), quote_nullable(state::text), quote_nullable(action_id::text), quote_nullable(detail::text), quote_nullable(at::text)) from saga_bulk_item
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_bulk_run'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(run_id::text), quote_nullable(verb::text), quote_nullable(arguments::text), quote_nullable(filter::text), quote_nullable(asked_by::text), quote_nullable(asked_ip::text), quote_nullable(reason::text), quote_nullable(approved_by::text), quote_nullable(state::text), quote_nullable(state_reason::text), quote_nullable(ramp::text), quote_nullable(stage::text), quote_nullable(per_second::text), quote_nullable(stop_ratio::text), quote_nullable(most::text), quote_nullable(patience_ms::text), quote_nullable(items::text), quote_nullable(next_at::text), quote_nullable(owner::text), quote_nullable(lease_until::text), quote_nullable(epoch::text), quote_nullable(created_at::text), quote_nullable(started_at::text), quote_nullable(ended_at::text)) from saga_bulk_run
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_console_action'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(action_id::text), quote_nullable(at::text), quote_nullable(xid::text), quote_nullable(actor::text), quote_nullable(ip::text), quote_nullable(verb::text), quote_nullable(arguments::text), quote_nullable(saga_id::text), quote_nullable(run_id::text), quote_nullable(request_id::text), quote_nullable(filter::text), quote_nullable(reason::text), quote_nullable(approved_by::text), quote_nullable(idempotency_key::text), quote_nullable(result::text), quote_nullable(explanation::text), quote_nullable(seen_revision::text), quote_nullable(phase_before::text), quote_nullable(phase_after::text), quote_nullable(revision_before::text), quote_nullable(revision_after::text), quote_nullable(hlc_after::text), quote_nullable(steps::text), quote_nullable(judge_by::text)) from saga_console_action
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_console_alert'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(alert_id::text), quote_nullable(event::text), quote_nullable(saga_id::text), quote_nullable(saga_name::text), quote_nullable(saga_version::text), quote_nullable(business_key::text), quote_nullable(step::text), quote_nullable(participant::text), quote_nullable(reason::text), quote_nullable(previous_reason::text), quote_nullable(since::text), quote_nullable(became::text), quote_nullable(noticed_at::text)) from saga_console_alert
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_console_delivery'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(delivery_id::text), quote_nullable(first_alert::text), quote_nullable(last_alert::text), quote_nullable(state::text), quote_nullable(attempts::text), quote_nullable(next_at::text), quote_nullable(trouble::text), quote_nullable(created_at::text), quote_nullable(ended_at::text)) from saga_console_delivery
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_console_group'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(group_id::text), quote_nullable(revision::text), quote_nullable(note::text), quote_nullable(owner::text), quote_nullable(muted_until::text), quote_nullable(changed_by::text), quote_nullable(changed_at::text)) from saga_console_group
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_console_outcome'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(action_id::text), quote_nullable(state::text), quote_nullable(explanation::text), quote_nullable(at::text)) from saga_console_outcome
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_console_request'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(request_id::text), quote_nullable(verb::text), quote_nullable(arguments::text), quote_nullable(saga_id::text), quote_nullable(seen_revision::text), quote_nullable(asked_by::text), quote_nullable(asked_ip::text), quote_nullable(reason::text), quote_nullable(asked_at::text), quote_nullable(expires_at::text), quote_nullable(state::text), quote_nullable(decided_by::text), quote_nullable(decided_at::text), quote_nullable(action_id::text)) from saga_console_request
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_console_stuck'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(saga_id::text), quote_nullable(saga_name::text), quote_nullable(saga_version::text), quote_nullable(business_key::text), quote_nullable(reason::text), quote_nullable(since::text)) from saga_console_stuck
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_console_unsettled'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(action_id::text), quote_nullable(look_at::text)) from saga_console_unsettled
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_deferred_reply'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(token::text), quote_nullable(participant::text), quote_nullable(saga_id::text), quote_nullable(step::text), quote_nullable(kind::text), quote_nullable(command_type::text), quote_nullable(saga_name::text), quote_nullable(saga_version::text), quote_nullable(sequence::text), quote_nullable(trace_parent::text), quote_nullable(hlc::text), quote_nullable(deferred_at::text), quote_nullable(round::text)) from saga_deferred_reply
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_definition'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(saga_name::text), quote_nullable(saga_version::text), quote_nullable(fingerprint::text), quote_nullable(text::text), quote_nullable(seen_at::text)) from saga_definition
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_definition_step'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(saga_name::text), quote_nullable(saga_version::text), quote_nullable(step::text), quote_nullable("position"::text), quote_nullable(kind::text), quote_nullable(does::text), quote_nullable(participant::text), quote_nullable(timeout_ms::text), quote_nullable(attempts::text), quote_nullable(patience_ms::text), quote_nullable(on_exhausted::text), quote_nullable(compensation::text), quote_nullable(compensation_timeout_ms::text), quote_nullable(compensation_attempts::text), quote_nullable(compensation_patience_ms::text)) from saga_definition_step
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_flow_setting'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(name::text), quote_nullable(value::text), quote_nullable(set_by::text), quote_nullable(reason::text), quote_nullable(set_at::text)) from saga_flow_setting
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_history'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(saga_id::text), quote_nullable(hlc::text), quote_nullable(event::text), quote_nullable(step::text), quote_nullable(kind::text), quote_nullable(participant::text), quote_nullable(message_id::text), quote_nullable(disposition::text), quote_nullable(phase::text), quote_nullable(detail::text), quote_nullable(at::text), quote_nullable(place::text), quote_nullable(data::text)) from saga_history
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_inbox'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(consumer::text), quote_nullable(message_id::text), quote_nullable(received_at::text)) from saga_inbox
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_inbox_audit'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(id::text), quote_nullable(at::text), quote_nullable(verb::text), quote_nullable(actor::text), quote_nullable(why::text), quote_nullable(consumer::text), quote_nullable(topic::text), quote_nullable(partition::text), quote_nullable(record_offset::text), quote_nullable(message_id::text), quote_nullable(reason::text)) from saga_inbox_audit
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_inbox_command'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(participant::text), quote_nullable(saga_id::text), quote_nullable(step::text), quote_nullable(kind::text), quote_nullable(outcome::text), quote_nullable(reply_type::text), quote_nullable(reply::text), quote_nullable(message_id::text), quote_nullable(received_at::text), quote_nullable(round::text)) from saga_inbox_command
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_inbox_parked'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(id::text), quote_nullable(key_id::text), quote_nullable(message_id::text), quote_nullable(topic_id::text), quote_nullable(partition::text), quote_nullable(record_offset::text), quote_nullable(record_timestamp::text), quote_nullable(record_key::text), quote_nullable(payload::text), quote_nullable(headers::text), quote_nullable(attempts::text), quote_nullable(reason::text), quote_nullable(parked_at::text)) from saga_inbox_parked
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_inbox_parked_key'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(id::text), quote_nullable(consumer::text), quote_nullable(topic::text), quote_nullable(key_hash::text), quote_nullable(next_attempt_at::text), quote_nullable(since::text)) from saga_inbox_parked_key
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_inbox_partition'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(consumer::text), quote_nullable(topic_id::text), quote_nullable(partition::text), quote_nullable(topic::text), quote_nullable(next_offset::text), quote_nullable(moved_at::text)) from saga_inbox_partition
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_inbox_quarantine'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(topic::text), quote_nullable(partition_no::text), quote_nullable(offset_no::text), quote_nullable(record_key::text), quote_nullable(payload::text), quote_nullable(headers::text), quote_nullable(reason_code::text), quote_nullable(reason::text), quote_nullable(quarantined_at::text)) from saga_inbox_quarantine
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_inbox_redelivery'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(redelivery_id::text), quote_nullable(participant::text), quote_nullable(saga_id::text), quote_nullable(step::text), quote_nullable(kind::text), quote_nullable(topic::text), quote_nullable(partition_no::text), quote_nullable(offset_no::text), quote_nullable(record_key::text), quote_nullable(payload::text), quote_nullable(headers::text), quote_nullable(attempts::text), quote_nullable(next_attempt_at::text), quote_nullable(error::text)) from saga_inbox_redelivery
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_instance'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(saga_id::text), quote_nullable(saga_name::text), quote_nullable(saga_version::text), quote_nullable(fingerprint::text), quote_nullable(business_key::text), quote_nullable(body_hash::text), quote_nullable(phase::text), quote_nullable(reason_code::text), quote_nullable(reason::text), quote_nullable(cause_code::text), quote_nullable(cause::text), quote_nullable(data::text), quote_nullable(row_version::text), quote_nullable(message_sequence::text), quote_nullable(hlc::text), quote_nullable(deadline_at::text), quote_nullable(overdue::text), quote_nullable(due_at::text), quote_nullable(due_failures::text), quote_nullable(pause_reason::text), quote_nullable(paused_until::text), quote_nullable(created_at::text), quote_nullable(updated_at::text), quote_nullable(attributes::text), quote_nullable(stuck_since::text), quote_nullable(tried::text)) from saga_instance
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_lane'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(lane::text), quote_nullable(owner::text), quote_nullable(epoch::text), quote_nullable(lease_until::text), quote_nullable(bucket_count::text), quote_nullable(lane_count::text), quote_nullable(published_to::text), quote_nullable(cut_to::text), quote_nullable(cut_position::text), quote_nullable(system_identifier::text)) from saga_lane
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_node'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(node::text), quote_nullable(since::text), quote_nullable(alive_until::text)) from saga_node
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_node_definition'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(node::text), quote_nullable(saga_name::text), quote_nullable(saga_version::text)) from saga_node_definition
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_outbox'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable("position"::text), quote_nullable(id::text), quote_nullable(aggregatetype::text), quote_nullable(aggregateid::text), quote_nullable(type::text), quote_nullable(payload::text), quote_nullable(headers::text), quote_nullable(bucket::text), quote_nullable(xid::text), quote_nullable(created_at::text), quote_nullable(segment::text)) from saga_outbox
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_outbox_audit'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(audit_id::text), quote_nullable(at::text), quote_nullable(verb::text), quote_nullable(operator::text), quote_nullable(why::text), quote_nullable("position"::text), quote_nullable(message_id::text), quote_nullable(aggregatetype::text), quote_nullable(aggregateid::text), quote_nullable(type::text), quote_nullable(reason_code::text), quote_nullable(refusal::text), quote_nullable(payload::text), quote_nullable(headers::text)) from saga_outbox_audit
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_parked'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable("position"::text), quote_nullable(id::text), quote_nullable(aggregatetype::text), quote_nullable(aggregateid::text), quote_nullable(type::text), quote_nullable(payload::text), quote_nullable(headers::text), quote_nullable(bucket::text), quote_nullable(xid::text), quote_nullable(created_at::text), quote_nullable(reason_code::text), quote_nullable(reason::text), quote_nullable(parked_at::text)) from saga_parked
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_parked_key'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(aggregatetype::text), quote_nullable(aggregateid::text), quote_nullable(bucket::text), quote_nullable(blocked_by::text), quote_nullable(since::text)) from saga_parked_key
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_participant_flow'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(participant::text), quote_nullable(state::text), quote_nullable(failures::text), quote_nullable(pause_ms::text), quote_nullable(since::text), quote_nullable(until::text), quote_nullable(held_by::text), quote_nullable(held_reason::text), quote_nullable(held_at::text)) from saga_participant_flow
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_relay'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(owner::text), quote_nullable(since::text), quote_nullable(alive_until::text)) from saga_relay
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_semantic_lock'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(resource_type::text), quote_nullable(resource_id::text), quote_nullable(owner_saga::text), quote_nullable(participant::text), quote_nullable(step::text), quote_nullable(acquired_at::text), quote_nullable(touched::text)) from saga_semantic_lock
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_semantic_lock_release'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(release_id::text), quote_nullable(resource_type::text), quote_nullable(resource_id::text), quote_nullable(owner_saga::text), quote_nullable(acquired_at::text), quote_nullable(released_by::text), quote_nullable(reason::text), quote_nullable(released_at::text)) from saga_semantic_lock_release
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_semantic_lock_waiter'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(resource_type::text), quote_nullable(resource_id::text), quote_nullable(redelivery_id::text), quote_nullable(saga_id::text), quote_nullable("position"::text), quote_nullable(in_order::text), quote_nullable(waiting_since::text), quote_nullable(deadline_at::text)) from saga_semantic_lock_waiter
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_step'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(saga_id::text), quote_nullable(step::text), quote_nullable(status::text), quote_nullable(participant::text), quote_nullable(outcome::text), quote_nullable(attempts::text), quote_nullable(first_sent_at::text), quote_nullable(due_at::text), quote_nullable(error::text), quote_nullable(sla_at::text), quote_nullable(updated_at::text), quote_nullable(held_for::text), quote_nullable(held_since::text), quote_nullable(round::text)) from saga_step
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_sub_saga'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(saga_id::text), quote_nullable(role::text), quote_nullable(parent_id::text), quote_nullable(parent_name::text), quote_nullable(parent_step::text), quote_nullable(token::text), quote_nullable(undo_saga::text), quote_nullable(undo_key::text), quote_nullable(undo_data::text), quote_nullable(linked_at::text)) from saga_sub_saga
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'saga_waiting_reply'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(topic::text), quote_nullable(partition_no::text), quote_nullable(offset_no::text), quote_nullable(saga_id::text), quote_nullable(record_key::text), quote_nullable(payload::text), quote_nullable(headers::text), quote_nullable(waits_since::text)) from saga_waiting_reply
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'twopc_decision'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(transaction_id::text), quote_nullable(installation::text), quote_nullable(coordinator::text), quote_nullable(outcome::text), quote_nullable(participants::text), quote_nullable(xids::text), quote_nullable(decided_at::text), quote_nullable(done_at::text)) from twopc_decision
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'twopc_heuristic'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(transaction_id::text), quote_nullable(participant::text), quote_nullable(installation::text), quote_nullable(coordinator::text), quote_nullable(decided::text), quote_nullable(found::text), quote_nullable(found_at::text)) from twopc_heuristic
-- next statement
select quote_ident(attname) from pg_attribute
where attrelid = 'twopc_branch'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
-- next statement
select concat_ws(', ', quote_nullable(gid::text), quote_nullable(outcome::text), quote_nullable(noted_at::text)) from twopc_branch