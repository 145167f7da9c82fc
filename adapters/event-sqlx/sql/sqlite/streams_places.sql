-- Called by `Streams::places`, for a person: the last event of each slot before a time. Reads the whole outbox.
SELECT slot, max(position) AS position FROM event_outbox WHERE coalesce(at, occurred_at) < ?1 GROUP BY slot
