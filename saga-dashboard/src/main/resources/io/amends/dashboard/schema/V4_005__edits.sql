-- What operators put in the place of a saga's data, or of a refused message's payload: as it was, and as it is then.
alter table saga_console_action add column data_before text, add column data_after text;
