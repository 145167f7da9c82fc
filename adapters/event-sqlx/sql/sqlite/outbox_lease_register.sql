-- Called by `Outbox::lease`: the first relay of a sink makes its slots. Uses the primary key. SQLite has one writer.
WITH RECURSIVE slots (slot) AS (SELECT 0 UNION ALL SELECT slot + 1 FROM slots WHERE slot < 63)
INSERT INTO event_relay_slot (sink, slot) SELECT ?1, slot FROM slots WHERE true ON CONFLICT DO NOTHING
