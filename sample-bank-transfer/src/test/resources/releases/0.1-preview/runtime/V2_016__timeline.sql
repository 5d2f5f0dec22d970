-- Where the record of a line was read (topic-3@42), and the saga's data after it where that is kept. Lines 'Sent' have the
-- command's own message id. Processes of an older version write neither.
alter table saga_history add column place text, add column data bytea;
