-- Called by `Marks::move_mark`, once per stream and batch. Uses the primary key.
INSERT INTO event_inbox_mark (consumer, source, slot, sequence, event_id, overlap, recent, recent_after)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (consumer, source, slot) DO UPDATE
SET sequence = excluded.sequence, event_id = excluded.event_id, overlap = excluded.overlap, recent = excluded.recent,
    recent_after = excluded.recent_after
