-- Called by `Restart::all_marks`. Uses the primary key from the consumer on. SQLite has one writer.
SELECT source, slot, sequence, event_id, overlap FROM event_inbox_mark WHERE consumer = ?1 ORDER BY source, slot
