-- Called by `migrate_in`, in its transaction, with the schema's name in the setting event_outbox.schema: makes it unless it
-- is there, and puts it first for the rest of the transaction.
DO $$
BEGIN
  EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I', current_setting('event_outbox.schema'));
  PERFORM set_config('search_path', format('%I', current_setting('event_outbox.schema')), true);
END
$$
