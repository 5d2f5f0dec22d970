-- The same of a step's error. A script of its own, see the one before.
alter table saga_step add column error_frames text;
