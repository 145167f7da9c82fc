-- Called by `Marks::move_mark`, once per stream and batch. Uses the primary key.
INSERT INTO event_inbox_mark (consumer, source, slot, sequence, event_id) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (consumer, source, slot) DO UPDATE SET sequence = excluded.sequence, event_id = excluded.event_id
