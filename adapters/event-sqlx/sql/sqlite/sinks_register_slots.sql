-- Called by `Sinks::register`, in its transaction: the slots of a new sink, at the end of the outbox if ?2 says so.
-- Uses the primary keys of event_relay_slot and event_outbox. SQLite has one writer.
WITH RECURSIVE slots (slot) AS (SELECT 0 UNION ALL SELECT slot + 1 FROM slots WHERE slot < 63)
INSERT INTO event_relay_slot (sink, slot, position)
SELECT ?1, slot, iif(?2, (SELECT coalesce(max(position), 0) FROM event_outbox), 0) FROM slots WHERE true
ON CONFLICT DO NOTHING
