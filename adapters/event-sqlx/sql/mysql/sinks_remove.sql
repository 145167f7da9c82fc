-- Called by `Sinks::remove`. Uses the primary key. SQLite has one writer.
DELETE FROM event_sink WHERE sink = ?
