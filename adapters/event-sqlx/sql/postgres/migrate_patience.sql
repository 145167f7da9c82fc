-- Called by `migrate`, in its transaction: whoever waits for a lock of a table holds up all that come after, so a migration
-- gives up soon and tries again later. Locks nothing.
SELECT set_config('lock_timeout', '2s', true)
