-- Called by `Epochs::past`, for each event that may have been taken under another epoch. Uses the primary key. Reads only.
SELECT after, ids FROM event_inbox_history
WHERE consumer = $1 AND source = $2 AND slot = $3 AND upto >= $4 ORDER BY upto LIMIT 1
