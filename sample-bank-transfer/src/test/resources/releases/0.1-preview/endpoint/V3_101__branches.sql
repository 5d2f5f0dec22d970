-- At a service that takes part in transactions of remote coordinators: how branches have ended.
-- COMMITTED is written by the branch's own transaction, so that a repeated request finds it exactly if that one committed.
-- REFUSED is written by a rollback, so that a request to prepare that comes later is refused.
create table twopc_branch (
  gid      text        primary key,
  outcome  text        not null check (outcome in ('COMMITTED', 'REFUSED')),
  noted_at timestamptz not null default clock_timestamp()
);

create index twopc_branch_noted_at on twopc_branch (noted_at);
