-- Called by `Sinks::register`: a sink that is there gets the filter alone. Uses the primary key; locks the row.
INSERT INTO event_sink (sink, filter, registered_at) VALUES ($1, $2, coalesce($3, clock_timestamp()))
ON CONFLICT (sink) DO UPDATE SET filter = excluded.filter
