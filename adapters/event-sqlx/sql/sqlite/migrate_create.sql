-- Called by `migrate`. No index: a handful of rows. Locks nothing that exists.
CREATE TABLE IF NOT EXISTS event_migration (
  version    INTEGER PRIMARY KEY,
  name       TEXT    NOT NULL,
  applied_at INTEGER NOT NULL
) STRICT
