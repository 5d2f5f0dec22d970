-- How often an operator has asked anew after a rejection: a stored rejection of an earlier round is no answer then. Null is
-- never, which is what processes of an older version write. 2147483647 in an inbox row: its compensation came.
alter table saga_step add column round integer;
alter table saga_inbox_command add column round integer;
alter table saga_deferred_reply add column round integer;
