create table account (
  account text           primary key,
  balance numeric(19, 2) not null,
  held    numeric(19, 2) not null default 0,
  status  text           not null default 'OPEN' check (status in ('OPEN', 'CLOSED'))
);

-- Amounts set aside for a transfer.
create table hold (
  transfer_id uuid           primary key,
  account     text           not null references account,
  amount      numeric(19, 2) not null check (amount > 0),
  status      text           not null check (status in ('HELD', 'CAPTURED', 'RELEASED'))
);

-- Double entry: the entries of every committed transaction sum to zero. Besides customers there are two accounts of the
-- bank itself, (transit) for money between banks and (opening) where first balances come from. There is no unique key on
-- purpose: were a command carried out twice, the ledger would show it.
create table ledger_entry (
  entry_id    bigint         generated always as identity primary key,
  transfer_id uuid,
  account     text           not null,
  amount      numeric(19, 2) not null,
  kind        text           not null,
  at          timestamptz    not null default clock_timestamp()
);
create index ledger_entry_transit on ledger_entry (account) include (amount) where account = '(transit)';
create index ledger_entry_transfer on ledger_entry (transfer_id);
