-- The inbox by the day in the id, the offsets that a consumer has handled, and what it has set aside.

alter table saga_inbox rename to saga_inbox_before;
alter table saga_inbox_before rename constraint saga_inbox_pkey to saga_inbox_before_pkey;

-- Ids of messages that a consumer has taken. A UUIDv7 begins with its time, so the order of ids is an order of time, and a
-- day is a range of ids. Never by the time of receipt: one id would be new again after midnight.
create table saga_inbox (
  consumer    text        not null,
  message_id  uuid        not null,
  received_at timestamptz not null default clock_timestamp(),
  primary key (consumer, message_id)
) partition by range (message_id);

-- What has no day: other kinds of ids, nearly all of which lie behind the year 2100 (apart, so that making a day's partition
-- need not look through them), and times that are too old or too far ahead. Both are cleared up by the time of receipt.
create table saga_inbox_other partition of saga_inbox
  for values from ('03bb2cc3-d800-0000-0000-000000000000') to (maxvalue);
create table saga_inbox_default partition of saga_inbox default;
create index saga_inbox_other_age on saga_inbox_other (received_at);
create index saga_inbox_default_age on saga_inbox_default (received_at);

do $$
declare
  today  date := (clock_timestamp() at time zone 'UTC')::date;
  starts uuid;
  ends   uuid;
begin
  for ahead in -8..3 loop
    starts := rpad(lpad(to_hex((date_part('epoch', today + ahead) * 1000)::bigint), 12, '0'), 32, '0')::uuid;
    ends := rpad(lpad(to_hex((date_part('epoch', today + ahead + 1) * 1000)::bigint), 12, '0'), 32, '0')::uuid;
    execute format('create table %I partition of saga_inbox for values from (%L) to (%L)',
                   'saga_inbox_' || to_char(today + ahead, 'YYYYMMDD'), starts, ends);
  end loop;
end $$;

insert into saga_inbox (consumer, message_id, received_at)
select consumer, message_id, received_at from saga_inbox_before;
drop table saga_inbox_before;

-- How far a consumer is, moved on in the transaction of what it did: who finds it elsewhere is not the owner any more. By the
-- topic's id, since a topic that is made anew begins with offset 0 again.
create table saga_inbox_partition (
  consumer    text        not null,
  topic_id    uuid        not null,
  partition   integer     not null,
  topic       text        not null,
  next_offset bigint      not null default 0,
  moved_at    timestamptz not null default clock_timestamp(),
  primary key (consumer, topic_id, partition)
) with (fillfactor = 10);

-- Keys whose records wait, in order: until the next attempt, or for an operator where there is none. Null for the hash is a
-- record without a key, which nobody waits behind. The hash is SHA-256, since keys may be longer than an index takes.
create table saga_inbox_parked_key (
  id              bigint      generated always as identity primary key,
  consumer        text        not null,
  topic           text        not null,
  key_hash        bytea,
  next_attempt_at timestamptz,
  since           timestamptz not null default clock_timestamp(),
  unique (consumer, topic, key_hash)
);
create index saga_inbox_parked_key_due on saga_inbox_parked_key (consumer, next_attempt_at)
  where next_attempt_at is not null;

-- Their records. Only the first of a key has been tried; the others wait because of it.
create table saga_inbox_parked (
  id               bigint      generated always as identity primary key,
  key_id           bigint      not null references saga_inbox_parked_key (id),
  message_id       uuid,
  topic_id         uuid        not null,
  partition        integer     not null,
  record_offset    bigint      not null,
  record_timestamp bigint      not null,
  record_key       bytea,
  payload          bytea,
  headers          bytea       not null,
  attempts         integer     not null default 0,
  reason           text,
  parked_at        timestamptz not null default clock_timestamp()
);
create index saga_inbox_parked_by_key on saga_inbox_parked (key_id, id);

-- Who retried or discarded what, and why.
create table saga_inbox_audit (
  id            bigint      generated always as identity primary key,
  at            timestamptz not null default clock_timestamp(),
  verb          text        not null,
  actor         text        not null,
  why           text        not null,
  consumer      text        not null,
  topic         text        not null,
  partition     integer     not null,
  record_offset bigint      not null,
  message_id    uuid,
  reason        text
);
