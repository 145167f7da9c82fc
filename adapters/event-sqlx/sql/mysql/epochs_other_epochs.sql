-- Called by `Epochs::other_epochs` for a stream that begins, and while events of it may have been taken under another epoch. Uses the
-- primary key from the consumer on. Locks what it finds, and what it passes on the way, until the batch is committed.
SELECT source, slot, sequence, event_id, overlap FROM event_inbox_mark
WHERE consumer = ? AND slot = ? AND source <> ? AND LOCATE(?, source) = 1 AND sequence IS NOT NULL
ORDER BY source FOR UPDATE
