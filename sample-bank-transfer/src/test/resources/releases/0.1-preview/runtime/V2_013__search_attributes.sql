-- Orchestrator: values that saga classes declare to find instances by, name to text. An instance without any has null
-- here and no entry in the index; an update that leaves the values as they are does not touch the index either.
alter table saga_instance add column attributes jsonb;

create index saga_instance_attributes on saga_instance using gin (attributes jsonb_path_ops)
 where attributes is not null;
