-- The console: what operators did and what came of it, what waits for a second person, and runs over many sagas.

-- A line each time somebody did, or wanted to do, something. Written in the transaction of the effect.
create table saga_console_action (
  action_id       bigint      generated always as identity primary key,
  at              timestamptz not null default clock_timestamp(),
  xid             xid8        not null default pg_current_xact_id(),
  actor           text        not null,
  ip              text,
  verb            text        not null,
  arguments       text        not null,
  saga_id         uuid,
  run_id          uuid,
  request_id      uuid,
  filter          text,
  reason          text        not null,
  approved_by     text,
  idempotency_key text        unique,
  -- DONE, NOTED (it is no order to a saga), THREW, or why it was refused.
  result          text        not null,
  explanation     text,
  seen_revision   bigint,
  phase_before    text,
  phase_after     text,
  revision_before bigint,
  revision_after  bigint,
  -- What tells later whether it helped: the saga's clock, the steps that were set going, and until when they may take.
  hlc_after       bigint,
  steps           text[]      not null default '{}',
  judge_by        timestamptz,
  constraint saga_console_action_four_eyes check (lower(approved_by) <> lower(actor))
);
create index saga_console_action_saga on saga_console_action (saga_id, action_id) where saga_id is not null;
create index saga_console_action_run on saga_console_action (run_id, action_id) where run_id is not null;
create index saga_console_action_actor on saga_console_action (actor, action_id);

-- What came of an order that was carried out; once.
create table saga_console_outcome (
  action_id   bigint      primary key references saga_console_action,
  state       text        not null check (state in ('PROGRESSED', 'FAILED_AGAIN', 'NO_EFFECT')),
  explanation text,
  at          timestamptz not null default clock_timestamp()
);

-- Orders of which that is still open.
create table saga_console_unsettled (
  action_id bigint      primary key,
  look_at   timestamptz not null default clock_timestamp()
) with (fillfactor = 50);
create index saga_console_unsettled_look on saga_console_unsettled (look_at);

-- What needs a second person.
create table saga_console_request (
  request_id    uuid        primary key,
  verb          text        not null,
  arguments     text        not null,
  saga_id       uuid        not null,
  seen_revision bigint      not null,
  asked_by      text        not null,
  asked_ip      text,
  reason        text        not null,
  asked_at      timestamptz not null default clock_timestamp(),
  expires_at    timestamptz not null,
  state         text        not null default 'OPEN' check (state in ('OPEN', 'APPROVED', 'DECLINED', 'WITHDRAWN')),
  decided_by    text,
  decided_at    timestamptz,
  action_id     bigint      references saga_console_action,
  constraint saga_console_request_four_eyes check (state not in ('APPROVED', 'DECLINED') or lower(decided_by) <> lower(asked_by)),
  constraint saga_console_request_decided check ((state = 'OPEN') = (decided_by is null))
);
create index saga_console_request_open on saga_console_request (expires_at) where state = 'OPEN';

-- One verb over many sagas. Who has the lease carries it out; the epoch tells an owner of before from the present one.
create table saga_bulk_run (
  run_id        uuid        primary key,
  verb          text        not null,
  arguments     text        not null,
  filter        text        not null,
  asked_by      text        not null,
  asked_ip      text,
  reason        text        not null,
  approved_by   text,
  state         text        not null check (state in ('PREVIEW', 'RUNNING', 'PAUSED', 'CANCELLED', 'DONE', 'STOPPED')),
  state_reason  text,
  -- How many items are done by the end of each stage; after the last stage all.
  ramp          int[]       not null,
  stage         int         not null default 0,
  per_second    double precision not null check (per_second > 0),
  stop_ratio    double precision not null check (stop_ratio between 0 and 1),
  most          int         not null check (most > 0),
  patience_ms   bigint      not null,
  items         int         not null default 0,
  next_at       timestamptz not null default clock_timestamp(),
  owner         text,
  lease_until   timestamptz not null default '-infinity',
  epoch         bigint      not null default 0,
  created_at    timestamptz not null default clock_timestamp(),
  started_at    timestamptz,
  ended_at      timestamptz,
  constraint saga_bulk_run_four_eyes check (lower(approved_by) <> lower(asked_by))
) with (fillfactor = 50);
create index saga_bulk_run_running on saga_bulk_run (started_at) where state = 'RUNNING';
create index saga_bulk_run_age on saga_bulk_run (created_at);

create table saga_bulk_item (
  run_id        uuid        not null references saga_bulk_run on delete cascade,
  saga_id       uuid        not null,
  position      int         not null,
  seen_revision bigint      not null,
  state         text        not null default 'OPEN'
                check (state in ('OPEN', 'ACCEPTED', 'PROGRESSED', 'FAILED_AGAIN', 'NO_EFFECT', 'CHANGED', 'REFUSED', 'THREW')),
  action_id     bigint,
  detail        text,
  at            timestamptz,
  primary key (run_id, saga_id)
) with (fillfactor = 80);
create index saga_bulk_item_open on saga_bulk_item (run_id, position) where state = 'OPEN';
create index saga_bulk_item_waiting on saga_bulk_item (run_id) where state = 'ACCEPTED';

-- Nobody changes what was noted, also not the owner of the tables by mistake. Who may not change the tables' definitions
-- (saga.schema.mode=none or validate, with a role that owns nothing) has no way around it.
create function saga_console_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'Table % only takes new lines: % is refused', tg_table_name, lower(tg_op)
    using errcode = 'restrict_violation',
          hint = 'What was noted wrongly is set right by another line.';
end $$;

create trigger saga_console_action_append_only before update or delete or truncate on saga_console_action
  for each statement execute function saga_console_append_only();
create trigger saga_console_outcome_append_only before update or delete or truncate on saga_console_outcome
  for each statement execute function saga_console_append_only();
create trigger saga_audit_append_only before update or delete or truncate on saga_audit
  for each statement execute function saga_console_append_only();
