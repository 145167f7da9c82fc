-- Called by `Sinks::register`, in its transaction: the slots of a new sink, each at the end of its log if the second parameter
-- says so. Uses the primary keys of event_relay_slot and event_outbox_log.
INSERT INTO event_relay_slot (sink, slot, position)
WITH RECURSIVE asked AS (SELECT ? AS sink, ? AS latest), slots (slot) AS (SELECT 0 UNION ALL SELECT slot + 1 FROM slots WHERE slot < 63)
SELECT a.sink, s.slot,
       IF(a.latest, COALESCE((SELECT l.position FROM event_outbox_log l WHERE l.slot = s.slot ORDER BY l.slot DESC, l.position DESC LIMIT 1), 0), 0)
FROM asked a CROSS JOIN slots s WHERE TRUE
ON DUPLICATE KEY UPDATE sink = VALUES(sink)
