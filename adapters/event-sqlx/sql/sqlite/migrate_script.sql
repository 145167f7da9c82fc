-- Migrations of the outbox and the inbox, for the sqlite3 shell: sqlite3 -bail orders.db < FILE
-- It records what it has done in event_migration, so event_sqlx::migrate afterwards does nothing.
BEGIN IMMEDIATE;

CREATE TABLE IF NOT EXISTS event_migration (
  version    INTEGER PRIMARY KEY,
  name       TEXT    NOT NULL,
  applied_at INTEGER NOT NULL
) STRICT;
