-- Called by `Outbox::advance` with a JSON array of [slot, fence, position, sent]: moves the cursors, but only under the fence
-- that is in force, and only under the epoch in which it began: after a failover a position may be another event's. Uses the
-- primary key (sink, slot); locks those rows in the order of the array.
UPDATE JSON_TABLE(?, '$[*]' COLUMNS (slot INT PATH '$[0]', fence BIGINT PATH '$[1]', position BIGINT PATH '$[2]',
                                     sent BIGINT PATH '$[3]')) a
STRAIGHT_JOIN event_relay_slot r FORCE INDEX (PRIMARY) ON r.sink = ? AND r.owner = ? AND r.slot = a.slot AND r.fence = a.fence
STRAIGHT_JOIN event_outbox_identity i ON i.epoch = COALESCE(?, i.epoch) AND i.server = /*M! @@server_id */ /*!80000 @@server_uuid */
SET r.position = a.position, r.sent = a.sent
