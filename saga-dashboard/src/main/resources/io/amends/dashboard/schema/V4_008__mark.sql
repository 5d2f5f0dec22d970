-- The key that marks of the audit are made with: what somebody put in the place of a saga's data is not found by trying. Drawn
-- once; without it only repeats under an idempotency key of before are not recognised.
create table saga_console_key (
  is_the_one boolean primary key default true check (is_the_one),
  mark_key   bytea   not null default sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
);
insert into saga_console_key default values;
