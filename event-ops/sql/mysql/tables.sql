-- Called by every command: whether our tables are there, before anything is read of them. Reads the catalog; locks nothing.
SELECT COUNT(*) > 0 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'event_migration'
