-- Called by `Restart::all_marks`. Uses the primary key from the consumer on. Locks the rows until the transaction ends: batches wait, and
-- then begin at the new place.
SELECT source, slot::bigint AS slot, sequence, event_id, overlap FROM event_inbox_mark WHERE consumer = $1
ORDER BY source, event_inbox_mark.slot FOR UPDATE
