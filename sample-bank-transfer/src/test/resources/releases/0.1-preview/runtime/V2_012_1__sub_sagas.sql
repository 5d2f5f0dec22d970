-- Sagas that steps of other sagas started: whose end answers which command. CHILD: its end answers the step that started
-- it, unless that step was compensated meanwhile and the token is gone. TURN_BACK: the same instance, whose end answers
-- the compensation; should it complete nevertheless, what undoes it is started then. UNDO: what undoes it, whose end
-- answers the compensation.
create table saga_sub_saga (
  saga_id     uuid        not null,
  role        text        not null check (role in ('CHILD', 'TURN_BACK', 'UNDO')),
  parent_id   uuid        not null,
  parent_name text        not null,
  parent_step text        not null,
  token       text,
  undo_saga   text,
  undo_key    text,
  undo_data   bytea,
  linked_at   timestamptz not null default clock_timestamp(),
  primary key (saga_id, role)
);
create index saga_sub_saga_parent on saga_sub_saga (parent_id, parent_step);
