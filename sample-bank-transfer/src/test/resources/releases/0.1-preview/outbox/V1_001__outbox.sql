-- Messages that are committed and not yet acknowledged by Kafka. The names id, aggregatetype, aggregateid, type and
-- payload are those that Debezium's outbox event router expects; aggregatetype holds the topic, aggregateid the key.
create table saga_outbox (
  position      bigint      generated always as identity (cache 1) primary key,
  id            uuid        not null,
  aggregatetype text        not null,
  aggregateid   text        not null,
  type          text        not null,
  payload       bytea       not null,
  headers       bytea       not null,
  bucket        smallint    not null,
  xid           xid8        not null default pg_current_xact_id(),
  created_at    timestamptz not null default clock_timestamp()
) with (fillfactor = 100, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
        autovacuum_vacuum_cost_delay = 0, vacuum_truncate = off);

-- Who publishes. One row a lane; expiry is judged by this database's clock alone.
create table saga_lane (
  lane         smallint    primary key,
  owner        text,
  epoch        bigint      not null default 0,
  lease_until  timestamptz not null default '-infinity',
  bucket_count integer     not null
);
insert into saga_lane (lane, bucket_count) values (0, 256);

-- Records that Kafka refused for good. Their keys' later rows wait in saga_outbox; moving a row back keeps the order.
create table saga_parked (
  position      bigint      primary key,
  id            uuid        not null,
  aggregatetype text        not null,
  aggregateid   text        not null,
  type          text        not null,
  payload       bytea       not null,
  headers       bytea       not null,
  bucket        smallint    not null,
  xid           xid8        not null,
  created_at    timestamptz not null,
  reason_code   text        not null,
  reason        text        not null,
  parked_at     timestamptz not null default clock_timestamp()
);
create index saga_parked_key on saga_parked (aggregatetype, aggregateid);

-- Ids of messages that a consumer has taken.
create table saga_inbox (
  consumer    text        not null,
  message_id  uuid        not null,
  received_at timestamptz not null default clock_timestamp(),
  primary key (consumer, message_id)
);
