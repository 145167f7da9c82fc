-- Called by `Gaps::missing`, for each event that waits for others. Uses the primary key.
INSERT INTO event_inbox_gap (consumer, source, slot, after, previous, sequence, event_id, since, seen_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
ON CONFLICT (consumer, source, slot) DO UPDATE
SET after = excluded.after, previous = excluded.previous, sequence = excluded.sequence, event_id = excluded.event_id,
    since = excluded.since, seen_at = excluded.seen_at
