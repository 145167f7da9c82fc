-- Called by `Streams::places`, for a person: the last event of each slot before a time. Reads the whole log and the whole outbox.
SELECT l.slot, MAX(l.position) AS position FROM event_outbox_log l JOIN event_outbox o ON o.number = l.number
WHERE o.at < ? GROUP BY l.slot
