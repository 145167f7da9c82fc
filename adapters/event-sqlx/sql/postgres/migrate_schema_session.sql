-- Called by `migrate_in` on a connection that is closed after it, with the schema's name in the setting event_outbox.schema:
-- puts the schema first. Locks nothing.
SELECT set_config('search_path', format('%I', current_setting('event_outbox.schema')), false)
