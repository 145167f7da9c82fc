-- Called by every command: whether our tables are there, before anything is read of them.
SELECT count(*) > 0 FROM sqlite_master WHERE name = 'event_migration'
