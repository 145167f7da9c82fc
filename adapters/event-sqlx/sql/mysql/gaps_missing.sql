-- Called by `Gaps::missing`, for each event that waits for others. Uses the primary key.
INSERT INTO event_inbox_gap (consumer, digest, source, slot, after, previous, sequence, event_id, since, seen_at)
SELECT n.consumer, UNHEX(SHA2(n.source, 256)), n.source, n.slot, n.after, n.previous, n.sequence, n.event_id, n.since, n.seen_at
FROM (SELECT ? AS consumer, ? AS source, ? AS slot, ? AS after, ? AS previous, ? AS sequence, ? AS event_id, ? AS since,
             ? AS seen_at) n
ON DUPLICATE KEY UPDATE after = VALUES(after), previous = VALUES(previous), sequence = VALUES(sequence),
                        event_id = VALUES(event_id), since = VALUES(since), seen_at = VALUES(seen_at)
