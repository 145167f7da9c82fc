-- Called by `Origin::tend` for retention, before a batch is deleted, with a JSON array of [slot, position], ascending: whoever reads
-- again must know. Uses the primary key. Locks the rows of these slots, in their order, until the batch is deleted; the rows of
-- all slots are there.
UPDATE JSON_TABLE(?, '$[*]' COLUMNS (slot INT PATH '$[0]', position BIGINT PATH '$[1]')) g
STRAIGHT_JOIN event_outbox_floor f FORCE INDEX (PRIMARY) ON f.slot = g.slot
SET f.position = GREATEST(f.position, g.position)
