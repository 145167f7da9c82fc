-- Called by `Outbox::claim`: a sign of life, unless the sink was removed; $4 is how long it lasts, in microseconds. Uses both
-- primary keys; locks the relay's own row.
INSERT INTO event_relay (sink, owner, seen_until)
SELECT sink, $2, coalesce($3, clock_timestamp()) + $4 * interval '1 microsecond' FROM event_sink WHERE sink = $1
ON CONFLICT (sink, owner) DO UPDATE SET seen_until = excluded.seen_until
