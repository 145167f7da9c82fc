-- Called by `Outbox::claim`: takes slots under the fences that were seen, a JSON array of [slot, fence], with those that are
-- ours already. Uses the primary key (sink, slot); locks those rows for the statement alone, in the order of the array.
-- Assignments are made from left to right: the fence first, while `owner` is still the one that was.
UPDATE JSON_TABLE(?, '$[*]' COLUMNS (slot INT PATH '$[0]', fence BIGINT PATH '$[1]')) n
STRAIGHT_JOIN event_relay_slot r FORCE INDEX (PRIMARY) ON r.sink = ? AND r.slot = n.slot AND r.fence = n.fence
SET r.fence = r.fence + 1, r.owner = ?, r.leased_until = COALESCE(?, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))) + ?
