-- Where in the code the exception came from that the reason or the error tells: classes and methods, a line for each frame. Null where
-- no code threw, or nobody said; and of processes of an older version, which leave it as it is when they write another reason or error.
alter table saga_instance add column reason_frames text;
alter table saga_step add column error_frames text;
