-- Called by `Marks::remember`: fails for an id that was seen. Uses the primary key.
INSERT INTO event_inbox (consumer, source, event_id, taken_at, digest)
SELECT n.consumer, n.source, n.event_id, n.taken_at,
       UNHEX(SHA2(CONCAT(CHAR_LENGTH(n.source), ':', n.source, n.event_id), 256))
FROM (SELECT ? AS consumer, ? AS source, ? AS event_id, ? AS taken_at) n
