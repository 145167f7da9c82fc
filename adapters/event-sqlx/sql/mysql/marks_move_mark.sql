-- Called by `Marks::move_mark`, once per stream and batch. Uses the primary key.
INSERT INTO event_inbox_mark (consumer, source, slot, sequence, event_id, digest)
SELECT n.consumer, n.source, n.slot, n.sequence, n.event_id, UNHEX(SHA2(n.source, 256))
FROM (SELECT ? AS consumer, ? AS source, ? AS slot, ? AS sequence, ? AS event_id) n
ON DUPLICATE KEY UPDATE sequence = VALUES(sequence), event_id = VALUES(event_id)
