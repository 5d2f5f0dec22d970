-- Alerts for messages that are set aside and for branches in doubt, beside those for sagas.

-- A row for each of which was told and which is still there. Written by whoever watches, one at a time.
create table saga_console_told (
  -- The table that a message lies in; 'twopc' for a branch.
  kind        text        not null,
  -- Where the message comes from, as logs name it; the branch's gid.
  place       text        not null,
  saga_id     uuid,
  participant text,
  reason      text        not null,
  -- What is wrong with the message; what is decided of the branch.
  code        text,
  since       timestamptz not null,
  primary key (kind, place)
);

-- Null for all three is an alert for a saga, as processes before this script write it.
alter table saga_console_alert add column kind text, add column place text, add column code text;
-- Of messages the saga that their key names, if it names one; of branches none.
alter table saga_console_alert alter column saga_id drop not null, alter column saga_name drop not null,
  alter column saga_version drop not null, alter column business_key drop not null;
create index saga_console_alert_place on saga_console_alert (place, alert_id) where place is not null;

-- What the watch reads of the quarantine: a handler that threw is told by its saga.
create index saga_inbox_quarantine_watched on saga_inbox_quarantine (quarantined_at) where reason_code <> 'HANDLER_FAILED';
