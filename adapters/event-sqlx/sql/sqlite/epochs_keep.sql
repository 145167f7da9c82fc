-- Called by `Epochs::keep`, once a mark has many ids. Uses the primary key.
INSERT INTO event_inbox_history (consumer, source, slot, upto, after, taken_at, ids) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (consumer, source, slot, upto) DO UPDATE
SET after = excluded.after, taken_at = excluded.taken_at, ids = excluded.ids
