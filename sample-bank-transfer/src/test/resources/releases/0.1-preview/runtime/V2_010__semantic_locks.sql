-- Semantic locks: what a saga holds across its transactions. A row is there while the lock is held or waited for; whoever
-- changes either locks the row first, so that no release is missed by a command that is about to wait.
create table saga_semantic_lock (
  resource_type text        not null,
  resource_id   text        not null,
  owner_saga    uuid,
  participant   text,
  step          text,
  acquired_at   timestamptz,
  touched       bigint      not null,
  primary key (resource_type, resource_id),
  check (num_nulls(owner_saga, participant, step, acquired_at) in (0, 4))
) with (fillfactor = 70);
create index saga_semantic_lock_owner on saga_semantic_lock (owner_saga);

-- Who waits: a command that lies in saga_inbox_redelivery until the lock is free or its time is over.
create table saga_semantic_lock_waiter (
  resource_type text        not null,
  resource_id   text        not null,
  redelivery_id bigint      not null references saga_inbox_redelivery on delete cascade,
  saga_id       uuid        not null,
  position      bigint      not null generated always as identity,
  in_order      boolean     not null,
  waiting_since timestamptz not null,
  deadline_at   timestamptz not null,
  primary key (redelivery_id, resource_type, resource_id),
  foreign key (resource_type, resource_id) references saga_semantic_lock
);
create index saga_semantic_lock_waiter_queue on saga_semantic_lock_waiter (resource_type, resource_id, position);

-- Locks that an operator took from a saga.
create table saga_semantic_lock_release (
  release_id    bigint      generated always as identity primary key,
  resource_type text        not null,
  resource_id   text        not null,
  owner_saga    uuid        not null,
  acquired_at   timestamptz not null,
  released_by   text        not null,
  reason        text        not null,
  released_at   timestamptz not null default clock_timestamp()
);
