-- Of a line that a reply brought: the message of the command that it answers, and where the participant read that (topic-3@42).
-- Null in all other lines and in what processes of an older version write; the place also where the participant does not tell it.
-- The view first, then its table, as those who read it lock them: in the other order a reader and this would wait for each other.
lock table saga_timeline in access exclusive mode;

alter table saga_history add column command_id uuid, add column command_place text;

create or replace view saga_timeline as
select saga_id, hlc, event, step, kind, participant, message_id, disposition, phase, detail, place, data, at,
       command_id, command_place
  from saga_history
union all
select saga_id, hlc + 1, 'Sent', sent_step, sent_kind, sent_participant, sent_id, 'ACCEPTED', phase, sent_detail, null, null, at,
       null, null
  from saga_history
 where sent_id is not null;
