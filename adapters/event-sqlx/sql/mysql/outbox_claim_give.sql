-- Called by `Outbox::claim`: gives slots back, a JSON array of their numbers. Uses the primary key (sink, slot); locks those
-- rows for the statement alone.
UPDATE JSON_TABLE(?, '$[*]' COLUMNS (slot INT PATH '$')) g
STRAIGHT_JOIN event_relay_slot r FORCE INDEX (PRIMARY) ON r.sink = ? AND r.slot = g.slot AND r.owner = ?
SET r.owner = NULL, r.leased_until = 0
