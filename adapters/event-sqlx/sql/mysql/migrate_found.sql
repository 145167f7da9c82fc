-- Called by `migrate`: whether there is a table of ours. One that may not create anything finds in this way that nothing is to be
-- done. Reads only.
SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'event_migration'
