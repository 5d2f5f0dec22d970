-- Participant: commands whose reply is given later, with all that is needed to give it. Whether it was given says the
-- command's own row; this one stays as long, so that a token that comes too late is told so.
create table saga_deferred_reply (
  token        text        primary key,
  participant  text        not null,
  saga_id      uuid        not null,
  step         text        not null,
  kind         text        not null,
  command_type text        not null,
  saga_name    text        not null,
  saga_version integer     not null,
  sequence     text        not null,
  trace_parent bytea,
  hlc          bigint      not null,
  deferred_at  timestamptz not null default clock_timestamp(),
  unique (participant, saga_id, step, kind),
  foreign key (participant, saga_id, step, kind) references saga_inbox_command on delete cascade
);
