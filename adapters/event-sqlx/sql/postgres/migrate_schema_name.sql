-- Called by `migrate_in`, before migrate_schema.sql. Locks nothing.
SELECT set_config('event_outbox.schema', $1, $2)
