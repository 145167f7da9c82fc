-- Called by `Outbox::claim`: a sign of life, unless the sink was removed; the last parameter is how long it lasts, in
-- microseconds. Uses both primary keys; locks the relay's own row, and that of the sink for the statement alone.
INSERT INTO event_relay (sink, owner, seen_until)
SELECT s.sink, n.owner, COALESCE(n.now, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))) + n.lasting
FROM (SELECT ? AS sink, ? AS owner, ? AS now, ? AS lasting) n STRAIGHT_JOIN event_sink s ON s.sink = n.sink
ON DUPLICATE KEY UPDATE seen_until = VALUES(seen_until)
