-- Called by `Streams::open_gaps`, for one consumer or for all. Reads a table that is small as long as nothing is missing, and a mark
-- for each of its rows by the primary key.
SELECT g.consumer, g.source, g.slot::bigint AS slot, g.after, g.previous, g.sequence, g.event_id, g.since, g.seen_at
FROM event_gap g WHERE g.consumer = COALESCE($1, g.consumer) ORDER BY g.consumer, g.source, g.slot
