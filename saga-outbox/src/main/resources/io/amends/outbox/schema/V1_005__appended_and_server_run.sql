-- Changing a default takes a moment but locks the table; where somebody holds it for long, this gives up instead of having all
-- that append wait behind it. The next start tries again.
set local lock_timeout = '10s';

-- A transaction that writes messages marks itself until it ends. So the statement that writes one message and tells the relay
-- of its own process about it knows, without looking for rows, whether its transaction has written others.
alter table saga_outbox alter column xid
  set default case when set_config('saga.appended', 'yes', true) is not null then pg_current_xact_id() end;

-- One run of the server: PostgreSQL empties an unlogged table when it starts after a crash, and on a standby that takes over.
-- It may then hand out transaction numbers again that relays have seen. A relay notes the run with which it read its cursor.
create unlogged table saga_server_run (
  single boolean primary key default true check (single),
  id     uuid    not null default gen_random_uuid()
);
