-- Called by `Marks::move_mark`, once per stream and batch. Uses the primary key.
INSERT INTO event_inbox_mark (consumer, source, slot, sequence, event_id, overlap, recent, recent_after, digest)
SELECT n.consumer, n.source, n.slot, n.sequence, n.event_id, n.overlap, n.recent, n.recent_after, UNHEX(SHA2(n.source, 256))
FROM (SELECT ? AS consumer, ? AS source, ? AS slot, ? AS sequence, ? AS event_id, ? AS overlap, ? AS recent,
             ? AS recent_after) n
ON DUPLICATE KEY UPDATE sequence = VALUES(sequence), event_id = VALUES(event_id), overlap = VALUES(overlap),
                        recent = VALUES(recent), recent_after = VALUES(recent_after)
