-- Called by every command: whether our tables are there, before anything is read of them. Locks nothing.
SELECT to_regclass('event_migration') IS NOT NULL
