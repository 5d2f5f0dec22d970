-- The trace that the call belonged to which started the saga; null where nothing was traced, and of processes of an older version.
alter table saga_instance add column trace_id text;
