-- Called by `migrate`, after the statements of the migration.
INSERT INTO event_migration (version, name, oldest) VALUES (?, ?, ?)
