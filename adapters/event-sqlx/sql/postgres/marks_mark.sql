-- Called by `Marks::mark`, once per stream and batch whose events don't simply follow each other. Uses the primary key. Locks the
-- row until the batch is committed: another process that takes the same stream waits, and then sees where this one has come to.
SELECT sequence, event_id, overlap, recent, recent_after FROM event_inbox_mark
WHERE consumer = $1 AND source = $2 AND slot = $3 FOR UPDATE
