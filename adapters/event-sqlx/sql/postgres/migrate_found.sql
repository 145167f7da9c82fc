-- Called by `migrate`: puts the schema in which our tables are in front of the search_path, for the transaction if $1, else for
-- the session. No row: there are none along the search_path. Uses the catalog's indexes; locks nothing.
SELECT set_config('search_path', quote_ident(n.nspname) || ', ' || current_setting('search_path'), $1) AS search_path
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid = to_regclass('event_migration')
