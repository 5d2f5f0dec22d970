-- Orchestrator: one row an instance, one a step that has begun, one a recorded event.
create table saga_instance (
  saga_id          uuid        primary key,
  saga_name        text        not null,
  saga_version     integer     not null,
  fingerprint      text        not null,
  business_key     text        not null,
  body_hash        bytea       not null,
  phase            text        not null check (phase in ('RUNNING', 'COMPENSATING', 'COMPLETED', 'COMPENSATED', 'STUCK')),
  reason_code      text,
  reason           text,
  cause_code       text,
  cause            text,
  data             bytea       not null,
  row_version      bigint      not null,
  message_sequence bigint      not null,
  hlc              bigint      not null,
  deadline_at      timestamptz,
  overdue          boolean     not null default false,
  due_at           timestamptz,
  due_failures     integer     not null default 0,
  pause_reason     text,
  paused_until     timestamptz,
  created_at       timestamptz not null default clock_timestamp(),
  updated_at       timestamptz not null default clock_timestamp(),
  unique (saga_name, business_key)
) with (fillfactor = 70);

-- Small whatever the history: only what is unfinished. Its columns change seldom, so that few updates touch it.
create index saga_instance_unfinished on saga_instance (created_at) where phase in ('RUNNING', 'COMPENSATING', 'STUCK');

-- What happens by itself, soonest first. due_at may be earlier than the next timer and then costs one look in vain: as
-- long as it need not move to an earlier time it stays, so that few updates touch this index.
create index saga_instance_due on saga_instance (due_at) where due_at is not null;

create table saga_step (
  saga_id     uuid        not null,
  step        text        not null,
  status      text        not null,
  participant text,
  outcome     text,
  attempts    integer     not null,
  first_sent_at timestamptz,
  due_at      timestamptz,
  error       text,
  sla_at      timestamptz,
  updated_at  timestamptz not null default clock_timestamp(),
  primary key (saga_id, step)
) with (fillfactor = 70);

create table saga_history (
  saga_id     uuid        not null,
  hlc         bigint      not null,
  event       text        not null,
  step        text,
  kind        text,
  participant text,
  message_id  uuid,
  disposition text        not null,
  phase       text        not null,
  detail      text,
  at          timestamptz not null default clock_timestamp(),
  primary key (saga_id, hlc)
);

-- Message ids grow with time, as rows do, so that a block range index finds them at next to no cost.
create index saga_history_message on saga_history using brin (message_id);

-- What each version of a definition looked like when instances of it were started.
create table saga_definition (
  saga_name    text        not null,
  saga_version integer     not null,
  fingerprint  text        not null,
  text         text        not null,
  seen_at      timestamptz not null default clock_timestamp(),
  primary key (saga_name, saga_version, fingerprint)
);

-- Replies to instances whose version the process that read them does not have; one that has it takes them from here.
create table saga_waiting_reply (
  topic        text        not null,
  partition_no integer     not null,
  offset_no    bigint      not null,
  saga_id      uuid        not null,
  record_key   bytea,
  payload      bytea,
  headers      bytea       not null,
  waits_since  timestamptz not null default clock_timestamp(),
  primary key (topic, partition_no, offset_no)
);

-- What operators asked for, and what came of it; never changed.
create table saga_audit (
  audit_id     bigint      generated always as identity primary key,
  saga_id      uuid        not null,
  verb         text        not null,
  operator     text        not null,
  reason       text        not null,
  detail       text,
  outcome      text        not null,
  phase_before text        not null,
  phase_after  text        not null,
  at           timestamptz not null default clock_timestamp()
);
create index saga_audit_saga on saga_audit (saga_id);

-- Participant: inbox and barrier in one. A command's key is (saga, step, kind); its row holds the stored reply.
create table saga_inbox_command (
  participant text        not null,
  saga_id     uuid        not null,
  step        text        not null,
  kind        text        not null check (kind in ('action', 'compensation')),
  outcome     text,
  reply_type  text,
  reply       bytea,
  message_id  uuid        not null,
  received_at timestamptz not null default clock_timestamp(),
  primary key (participant, saga_id, step, kind)
) with (fillfactor = 70);

comment on table saga_inbox_command is
  'One row a command that had its effect, or (an action whose compensation came first) must never have one.';

-- Commands whose handler threw; they wait here, so that other keys of the partition flow on.
create table saga_inbox_redelivery (
  redelivery_id   bigint      generated always as identity primary key,
  participant     text        not null,
  saga_id         uuid        not null,
  step            text        not null,
  kind            text        not null,
  topic           text        not null,
  partition_no    integer     not null,
  offset_no       bigint      not null,
  record_key      bytea,
  payload         bytea,
  headers         bytea       not null,
  attempts        integer     not null,
  next_attempt_at timestamptz not null,
  error           text        not null,
  unique (participant, saga_id, step, kind)
);
create index saga_inbox_redelivery_due on saga_inbox_redelivery (participant, next_attempt_at);

-- Incoming messages that nobody could handle: raw, with the reason.
create table saga_inbox_quarantine (
  topic          text        not null,
  partition_no   integer     not null,
  offset_no      bigint      not null,
  record_key     bytea,
  payload        bytea,
  headers        bytea       not null,
  reason_code    text        not null,
  reason         text        not null,
  quarantined_at timestamptz not null default clock_timestamp(),
  primary key (topic, partition_no, offset_no)
);
