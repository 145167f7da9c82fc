-- Called by `Epochs::past`, for each event that may have been taken under another epoch. Uses the primary key. Locks the row, which
-- reads what is committed by now whatever the isolation.
SELECT after, ids FROM event_inbox_history
WHERE consumer = ? AND digest = UNHEX(SHA2(?, 256)) AND slot = ? AND upto >= ? ORDER BY upto LIMIT 1 FOR UPDATE
