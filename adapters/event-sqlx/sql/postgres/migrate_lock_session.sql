-- Called by `migrate` before what must run outside of a transaction, on a connection that is closed after it. The lock of
-- migrate_lock.sql, held by the session. Locks no table.
SELECT pg_try_advisory_lock(hashtext('event_migration of ' || coalesce(current_schema(), '')))
