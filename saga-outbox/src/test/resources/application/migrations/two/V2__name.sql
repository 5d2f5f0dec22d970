alter table application_table add name text;
