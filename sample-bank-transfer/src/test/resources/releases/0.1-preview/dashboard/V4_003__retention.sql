-- Old lines of the console's audit can be removed, by one function only: it takes none that is younger than thirty days, and
-- leaves a line that says how many it took. It belongs to the owner of the tables and runs as that role; nobody else may call
-- it until the owner grants it.

-- As before, but for that function. It runs as the owner, which the application's role is not where it owns nothing. The owner's
-- own statements are refused as before, unless somebody means it: an owner could as well drop the trigger.
create or replace function saga_console_append_only() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and tg_table_name in ('saga_console_action', 'saga_console_outcome')
     and current_setting('saga_console.forgets', true) = pg_current_xact_id_if_assigned()::text
     and current_user = (select pg_get_userbyid(c.relowner) from pg_catalog.pg_class c where c.oid = tg_relid) then
    return null;
  end if;
  raise exception 'Table % only takes new lines: % is refused', tg_table_name, lower(tg_op)
    using errcode = 'restrict_violation',
          hint = 'What was noted wrongly is set right by another line.';
end $$;

-- Else a caller's temporary tables and functions would come before the catalog's.
alter function saga_console_append_only() set search_path = pg_catalog, pg_temp;

-- Removes lines of the audit that are older than that, the oldest first, at most so many; returns how many. What is not
-- settled yet stays. One call at a time; another one meanwhile removes nothing.
create function saga_console_forget(older_than interval, most integer) returns integer
language plpgsql security definer as $$
declare
  -- The earlier moment of both, not the longer interval: comparing takes a month for 30 days, and subtracting does not.
  until_at timestamptz := least(clock_timestamp() - older_than, clock_timestamp() - interval '30 days');
  doomed bigint[];
  first_at timestamptz;
  last_at timestamptz;
begin
  if older_than is null or older_than < interval '30 days' then
    raise exception 'Lines of the audit stay for at least 30 days; % is shorter', coalesce(older_than::text, 'null')
      using errcode = 'invalid_parameter_value';
  end if;
  if most is null or most < 1 or most > 10000 then
    raise exception 'One call removes 1 to 10000 lines, not %', coalesce(most::text, 'null')
      using errcode = 'invalid_parameter_value';
  end if;
  if not pg_try_advisory_xact_lock(hashtextextended('saga_console_forget', 0)) then
    return 0;
  end if;
  -- Numbers grow with time, nearly: the oldest lines are those with the smallest.
  select array_agg(o.action_id), min(o.at), max(o.at) into doomed, first_at, last_at
    from (select a.action_id, a.at from saga_console_action a order by a.action_id limit most) o
   where o.at < until_at
     and not exists (select from saga_console_unsettled u where u.action_id = o.action_id);
  if doomed is null then
    return 0;
  end if;
  perform set_config('saga_console.forgets', pg_current_xact_id()::text, true);
  delete from saga_console_request where action_id = any (doomed);
  delete from saga_console_outcome where action_id = any (doomed);
  delete from saga_console_action where action_id = any (doomed);
  perform set_config('saga_console.forgets', '', true);
  insert into saga_console_action (actor, verb, arguments, reason, result, explanation)
  values ('saga-console', 'forget-audit', '', 'lines older than ' || older_than || ' are removed', 'NOTED',
          format('%s lines from %s to %s were removed, asked for by the database role %s.', cardinality(doomed), first_at, last_at,
                 session_user));
  return cardinality(doomed);
end $$;

-- Else a caller's temporary tables would come before the real ones.
do $$
begin
  execute format('alter function saga_console_forget(interval, integer) set search_path = pg_catalog, %I, pg_temp', current_schema());
end $$;

revoke execute on function saga_console_forget(interval, integer) from public;
