-- In which way a transfer is made: whoever inserts first says it, for good.
create table transfer_mode (
  transfer_id uuid primary key,
  mode        text not null check (mode in ('saga', '2pc'))
);

-- Transfers by two-phase commit. UNKNOWN: nobody can tell yet what was decided. DECIDED: it commits, but a bank could not
-- be told yet; untold has the banks that are not known to have committed. transaction_id is that of the newest run, written before a bank hears of it.
create table two_phase_transfer (
  transfer_id    uuid           primary key references transfer_mode,
  from_bank      text           not null,
  from_account   text           not null,
  to_bank        text           not null,
  to_account     text           not null,
  amount         numeric(19, 2) not null check (amount > 0),
  installation   text           not null,
  coordinator    text           not null,
  transaction_id uuid,
  status         text           not null default 'RUNNING'
                 check (status in ('RUNNING', 'UNKNOWN', 'DECIDED', 'COMMITTED', 'ABORTED')),
  reason         text,
  untold         text[]         not null default '{}',
  created_at     timestamptz    not null default clock_timestamp(),
  updated_at     timestamptz    not null default clock_timestamp()
);
create index two_phase_transfer_open on two_phase_transfer (created_at) where status in ('RUNNING', 'UNKNOWN', 'DECIDED');
