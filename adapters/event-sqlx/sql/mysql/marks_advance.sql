-- Called by `Marks::advance`, for each stream of a batch whose events follow each other. Uses the primary key. Locks the row, if it
-- moves it, until the batch is committed: another process that takes the same stream waits, and then sees where this one has
-- come to.
UPDATE event_inbox_mark SET sequence = ?, event_id = ?
WHERE consumer = ? AND digest = UNHEX(SHA2(?, 256)) AND slot = ? AND sequence >= ? AND sequence < ?
  AND (overlap IS NULL OR overlap < ?)
