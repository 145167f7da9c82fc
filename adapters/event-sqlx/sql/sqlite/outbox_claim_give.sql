-- Called by `Outbox::claim`: gives slots back, a JSON array of their numbers. Uses the primary key (sink, slot).
-- SQLite has one writer.
UPDATE event_relay_slot SET owner = NULL, leased_until = 0
WHERE sink = ?1 AND owner = ?2 AND slot IN (SELECT value FROM json_each(?3))
