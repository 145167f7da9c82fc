-- Called by `Streams::places`, for a person: the last event of each slot before a time. Reads the whole log.
SELECT slot::bigint AS slot, max(position) AS position FROM event_outbox_log WHERE at < $1 GROUP BY 1
