-- What operators wrote down about groups of failures.

-- A row stays when all of it was cleared, so that its revision goes on.
create table saga_console_group (
  group_id    text        primary key,
  revision    bigint      not null check (revision > 0),
  note        text        check (length(note) <= 2000),
  owner       text        check (length(owner) <= 100),
  muted_until timestamptz,
  changed_by  text        not null,
  changed_at  timestamptz not null default clock_timestamp(),
  constraint saga_console_group_muted check (muted_until <= changed_at + interval '720 hours')
) with (fillfactor = 70);
