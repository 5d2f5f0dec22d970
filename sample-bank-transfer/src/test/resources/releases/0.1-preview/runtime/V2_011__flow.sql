-- Flow control. A step whose action waits because its participant takes none says for whom, and since when.
alter table saga_step add column held_for text, add column held_since timestamptz;

-- Holds only what waits, so that no other change of a step touches it; in the order in which it is admitted.
create index saga_step_held on saga_step (held_for, held_since) where held_for is not null;

-- Participants that had trouble, or that an operator holds; one without a row takes commands. Shared by all processes.
create table saga_participant_flow (
  participant text        primary key,
  state       text        not null check (state in ('CLOSED', 'OPEN', 'HALF_OPEN')),
  failures    integer     not null,
  pause_ms    bigint      not null,
  since       timestamptz not null,
  until       timestamptz,
  held_by     text,
  held_reason text,
  held_at     timestamptz,
  check (num_nulls(held_by, held_reason, held_at) in (0, 3))
);

-- What operators set while everything runs; it counts instead of the properties of the same names, in all processes.
create table saga_flow_setting (
  name       text        primary key,
  value      text        not null,
  set_by     text        not null,
  reason     text        not null,
  set_at     timestamptz not null default clock_timestamp()
);

-- Orders that concern a participant or a setting have no instance.
alter table saga_audit alter column saga_id drop not null, alter column phase_before drop not null,
  alter column phase_after drop not null;
