-- Called by `Marks::move_mark`, once per stream and batch. Uses the primary key.
INSERT INTO event_inbox_mark (consumer, source, slot, sequence, event_id) VALUES (?, ?, ?, ?, ?)
ON DUPLICATE KEY UPDATE sequence = VALUES(sequence), event_id = VALUES(event_id)
