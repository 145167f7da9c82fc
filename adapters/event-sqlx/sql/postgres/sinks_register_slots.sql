-- Called by `Sinks::register`, in its transaction: the slots of a new sink, each at the end of its log if $2 says so. Uses the
-- primary keys of event_relay_slot and event_outbox_log.
INSERT INTO event_relay_slot (sink, slot, position)
SELECT $1, s.slot,
       CASE WHEN $2 THEN coalesce((SELECT max(l.position) FROM event_outbox_log l WHERE l.slot = s.slot), 0) ELSE 0 END
FROM generate_series(0, 63) s (slot)
ON CONFLICT DO NOTHING
