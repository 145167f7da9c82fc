-- Called by `Origin::kept` when events are read again: what retention has dropped. Uses the primary key. Reads only.
SELECT coalesce(max(position), 0) FROM event_outbox_floor WHERE slot = ?1
