-- The command that was sent right after a line's event stands in that line, which saves a row for nearly every command. Lines
-- 'Sent' of their own are left for what else the same event sent, and for all that processes of an older version wrote.
alter table saga_history
  add column sent_id uuid, add column sent_step text, add column sent_kind text, add column sent_participant text,
  add column sent_detail text;

create index saga_history_sent on saga_history using brin (sent_id);

-- The history with a line for each command, as those who read it want it.
create view saga_timeline as
select saga_id, hlc, event, step, kind, participant, message_id, disposition, phase, detail, place, data, at
  from saga_history
union all
select saga_id, hlc + 1, 'Sent', sent_step, sent_kind, sent_participant, sent_id, 'ACCEPTED', phase, sent_detail, null, null, at
  from saga_history
 where sent_id is not null;
