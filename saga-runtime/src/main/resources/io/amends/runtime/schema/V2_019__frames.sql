-- Where in the code the exception came from that the reason tells: classes and methods, a line for each frame. Null where no code
-- threw, or nobody said; and of processes of an older version, which leave it as it is when they write another reason. One table in
-- each script: those who run lock the two of them in both orders, and a script that locked both would wait for them as they for it.
alter table saga_instance add column reason_frames text;
