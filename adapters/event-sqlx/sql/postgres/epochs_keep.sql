-- Called by `Epochs::keep`, for a stream of a batch whose mark was moved by `Marks::move_mark`. Uses the primary key.
INSERT INTO event_inbox_history (consumer, source, slot, upto, after, taken_at, ids) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (consumer, source, slot, upto) DO UPDATE
SET after = excluded.after, taken_at = excluded.taken_at, ids = excluded.ids
