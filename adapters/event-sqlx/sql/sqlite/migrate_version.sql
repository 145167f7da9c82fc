-- Called by `migrate`. Uses the primary key. Reads only.
SELECT max(version) FROM event_migration
