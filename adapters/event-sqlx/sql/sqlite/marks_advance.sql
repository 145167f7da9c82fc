-- Called by `Marks::advance`, for each stream of a batch whose events follow each other. Uses the primary key.
UPDATE event_inbox_mark SET sequence = ?1, event_id = ?2
WHERE consumer = ?3 AND source = ?4 AND slot = ?5 AND sequence >= ?6 AND sequence < ?7 AND (overlap IS NULL OR overlap < ?8)
