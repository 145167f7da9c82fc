-- Called by `Marks::remember`: inserts nothing for an id that was seen. Uses the primary key.
INSERT INTO event_inbox (consumer, source, event_id, taken_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
