-- Called by `migrate`. Reads only.
SELECT max(version) AS version, max(oldest) AS oldest FROM event_migration
