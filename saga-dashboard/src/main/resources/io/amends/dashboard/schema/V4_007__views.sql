-- Searches that somebody keeps under a name, for themselves or for all.
create table saga_console_view (
  view_id    uuid        primary key,
  revision   bigint      not null default 1 check (revision > 0),
  name       text        not null check (length(name) between 1 and 80),
  filter     text        not null check (length(filter) between 1 and 2000),
  owner      text        not null,
  shared     boolean     not null,
  changed_by text        not null,
  changed_at timestamptz not null default clock_timestamp()
) with (fillfactor = 70);
create unique index saga_console_view_own on saga_console_view (owner, lower(name)) where not shared;
create unique index saga_console_view_shared on saga_console_view (lower(name)) where shared;
