-- Called by `migrate`. Reads only.
SELECT MAX(version) AS version, MAX(oldest) AS oldest FROM event_migration
