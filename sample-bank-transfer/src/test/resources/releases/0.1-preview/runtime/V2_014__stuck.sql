-- What tells, without a process that knows the definitions, which sagas are stuck and since when. Columns and indexes are
-- empty while all is well, so that a saga that just runs does not touch them.

-- Since when it is stuck, and how often an open step was sent, if more than once. Processes of an older version write neither.
alter table saga_instance add column stuck_since timestamptz, add column tried integer;
update saga_instance set stuck_since = updated_at where phase = 'STUCK';

create index saga_instance_stuck on saga_instance (stuck_since) where phase = 'STUCK';
create index saga_instance_tried on saga_instance (created_at) where tried is not null;
create index saga_instance_postponed on saga_instance (created_at) where due_failures > 2;
create index saga_instance_late on saga_instance (deadline_at) where overdue and phase = 'RUNNING';

-- Steps that somebody is expected to decide.
create index saga_step_sla on saga_step (sla_at) where sla_at is not null;

-- The steps of each version as the process that started last has them: when they are overdue is the step's own matter. Null
-- for patience_ms is for ever, of a step without a compensation nothing.
create table saga_definition_step (
  saga_name                text    not null,
  saga_version             integer not null,
  step                     text    not null,
  position                 integer not null,
  kind                     text    not null check (kind in ('COMPENSATABLE', 'PIVOT', 'RETRIABLE')),
  does                     text    not null check (does in ('COMMAND', 'LOCAL', 'SIGNAL', 'SUB_SAGA')),
  participant              text,
  timeout_ms               bigint,
  attempts                 integer not null,
  patience_ms              bigint,
  on_exhausted             text    not null,
  compensation             text    check (compensation in ('COMMAND', 'LOCAL', 'SUB_SAGA')),
  compensation_timeout_ms  bigint,
  compensation_attempts    integer,
  compensation_patience_ms bigint,
  primary key (saga_name, saga_version, step)
);

-- Processes that move sagas on, and the versions that each has; one that is gone stays for a while, to tell since when.
create table saga_node (
  node        text        primary key,
  since       timestamptz not null default clock_timestamp(),
  alive_until timestamptz not null
) with (fillfactor = 10);

create table saga_node_definition (
  node         text    not null references saga_node on delete cascade,
  saga_name    text    not null,
  saga_version integer not null,
  primary key (saga_name, saga_version, node)
);
create index saga_node_definition_node on saga_node_definition (node);
