-- Called by `Marks::mark`, once per stream and batch. Uses the primary key.
SELECT sequence, event_id FROM event_inbox_mark WHERE consumer = ?1 AND source = ?2 AND slot = ?3
