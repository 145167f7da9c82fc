-- Called by `migrate`, in the transaction of the migration itself.
INSERT INTO event_migration (version, name, applied_at) VALUES (?1, ?2, CAST(unixepoch('subsec') * 1000000 AS INTEGER))
