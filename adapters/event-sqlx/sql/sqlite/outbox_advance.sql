-- Called by `Outbox::advance` with a JSON array of [slot, fence, position, sent]: moves the cursors, but only under the fence
-- that is in force. Uses the primary key (sink, slot), one seek for each. SQLite has one writer.
WITH moved (slot, fence, position, sent) AS MATERIALIZED (
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?3))
UPDATE event_relay_slot AS r SET position = m.position, sent = m.sent
FROM moved AS m
WHERE r.sink = ?1 AND r.owner = ?2 AND r.slot = m.slot AND r.fence = m.fence
RETURNING slot
