-- Called by `Restart::all_marks`. Uses the primary key from the consumer on. Locks the rows until the transaction ends: batches wait, and
-- then begin at the new place.
SELECT source, slot, sequence, event_id, overlap FROM event_inbox_mark WHERE consumer = ? ORDER BY source, slot FOR UPDATE
