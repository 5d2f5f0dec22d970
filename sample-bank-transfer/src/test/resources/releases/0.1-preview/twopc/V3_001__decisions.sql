-- What was decided of transactions over several participants. The first row of a transaction counts: the coordinator inserts
-- COMMIT, whoever has to settle a transaction that is not decided inserts ABORT, and both leave a row that is there alone.
create table twopc_decision (
  transaction_id uuid        primary key,
  installation   text        not null,
  coordinator    text        not null,
  outcome        text        not null check (outcome in ('COMMIT', 'ABORT')),
  -- Those that were prepared, and beside each the number of its transaction there; null where it can't be told.
  participants   text[]      not null default '{}',
  xids           text[]      not null default '{}',
  decided_at     timestamptz not null default clock_timestamp(),
  -- When all branches were known to be committed; of an ABORT when it was decided.
  done_at        timestamptz
);
-- Finds what is not done (null) and what is old.
create index twopc_decision_done on twopc_decision (done_at);

-- Branches that ended otherwise than was decided. Deleted by operators only.
create table twopc_heuristic (
  transaction_id uuid        not null,
  participant    text        not null,
  installation   text        not null,
  coordinator    text        not null,
  decided        text        not null check (decided in ('COMMIT', 'ABORT')),
  found          text        not null check (found in ('COMMITTED', 'ROLLED_BACK', 'UNKNOWN')),
  found_at       timestamptz not null default clock_timestamp(),
  primary key (transaction_id, participant)
);
