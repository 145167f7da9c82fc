-- Called by `Sinks::register`: a sink that is there gets the filter alone. Uses the primary key; locks the row.
INSERT INTO event_sink (sink, filter, registered_at) VALUES (?, ?, COALESCE(?, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))))
ON DUPLICATE KEY UPDATE filter = VALUES(filter)
