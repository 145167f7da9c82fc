-- Called by `Sinks::register`: a sink that is there gets the filter alone. Uses the primary key. SQLite has one writer.
INSERT INTO event_sink (sink, filter, registered_at) VALUES (?1, ?2, ?3)
ON CONFLICT (sink) DO UPDATE SET filter = excluded.filter
