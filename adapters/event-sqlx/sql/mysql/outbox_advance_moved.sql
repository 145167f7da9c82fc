-- Called by `Outbox::advance` when not every cursor moved: those of the JSON array of [slot, fence, position, sent] that did.
-- Uses the primary key (sink, slot). Reads only.
SELECT r.slot
FROM JSON_TABLE(?, '$[*]' COLUMNS (slot INT PATH '$[0]', fence BIGINT PATH '$[1]', position BIGINT PATH '$[2]',
                                   sent BIGINT PATH '$[3]')) a
STRAIGHT_JOIN event_relay_slot r FORCE INDEX (PRIMARY) ON r.sink = ? AND r.owner = ? AND r.slot = a.slot AND r.fence = a.fence
                                    AND r.position = a.position AND r.sent = a.sent
