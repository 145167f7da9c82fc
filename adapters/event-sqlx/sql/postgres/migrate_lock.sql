-- Called by `migrate`, in its transaction: several processes may migrate at once. Locks no table.
SELECT pg_advisory_xact_lock(hashtext('event_migration of ' || current_schema()))
