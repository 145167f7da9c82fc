-- Called by `migrate`, in its transaction: several processes may migrate at once. Tells whether the lock was got in place of
-- waiting for it: a wait would hold a snapshot, for which an index that is built concurrently waits. Locks no table.
SELECT pg_try_advisory_xact_lock(hashtext('event_migration of ' || coalesce(current_schema(), '')))
