-- Called by `migrate_in`, in its transaction, with the schema's name in the setting event_outbox.schema: makes it unless it
-- is there, and puts it first for the rest of the transaction.
DO $$
BEGIN
  IF to_regnamespace(format('%I', current_setting('event_outbox.schema'))) IS NULL THEN
    BEGIN
      EXECUTE format('CREATE SCHEMA %I', current_setting('event_outbox.schema'));
    EXCEPTION WHEN unique_violation OR duplicate_schema THEN
      NULL; -- another process has just made it
    END;
  END IF;
  PERFORM set_config('search_path', format('%I', current_setting('event_outbox.schema')), true);
END
$$
