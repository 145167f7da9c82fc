-- Called by `Sinks::remove`. Uses the primary key; locks the row.
DELETE FROM event_sink WHERE sink = $1
