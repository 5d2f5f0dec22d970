-- Alerts: what the watch over stuck sagas knew when it looked last, what it noticed, and what was told to a webhook of it.

-- A row for each saga that is known to be stuck. Written by whoever watches, one at a time.
create table saga_console_stuck (
  saga_id      uuid        primary key,
  saga_name    text        not null,
  saga_version integer     not null,
  business_key text        not null,
  reason       text        not null,
  since        timestamptz not null
) with (fillfactor = 70);

-- A row for each transition: it got stuck, it is stuck for another reason, it is stuck no longer.
create table saga_console_alert (
  alert_id        bigint      generated always as identity primary key,
  event           text        not null check (event in ('GOT_STUCK', 'RECOVERED')),
  saga_id         uuid        not null,
  saga_name       text        not null,
  saga_version    integer     not null,
  business_key    text        not null,
  step            text,
  participant     text,
  reason          text        not null,
  previous_reason text,
  since           timestamptz not null,
  -- Of one that recovered: its phase, or PAUSED, or REMOVED.
  became          text,
  noticed_at      timestamptz not null default clock_timestamp(),
  constraint saga_console_alert_became check ((event = 'RECOVERED') = (became is not null))
);
create index saga_console_alert_saga on saga_console_alert (saga_id, alert_id);

-- One request to a webhook, with the alerts from the first to the last; the same ones each time that it is tried.
create table saga_console_delivery (
  delivery_id uuid        primary key default gen_random_uuid(),
  first_alert bigint      not null,
  last_alert  bigint      not null,
  state       text        not null default 'OPEN' check (state in ('OPEN', 'DELIVERED', 'GIVEN_UP')),
  attempts    integer     not null default 0,
  next_at     timestamptz not null default clock_timestamp(),
  trouble     text,
  created_at  timestamptz not null default clock_timestamp(),
  ended_at    timestamptz
) with (fillfactor = 50);
create index saga_console_delivery_open on saga_console_delivery (next_at) where state = 'OPEN';
