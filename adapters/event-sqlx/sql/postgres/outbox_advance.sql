-- Called by `Outbox::advance` with one array element per slot: moves the cursors, but only under the fence that is in force, and
-- only under the epoch $8 in the database in which it began: after a failover a position may be another event's. Tells the
-- slots that moved. Uses the primary key (sink, slot); locks those rows. The commit need not be durable ($7): a cursor that
-- a crash takes back sends again what it had sent.
WITH relaxed AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true) WHERE $7)
UPDATE event_relay_slot r SET position = a.position, sent = a.sent
FROM unnest($3::smallint[], $4::bigint[], $5::bigint[], $6::bigint[]) a (slot, fence, position, sent)
WHERE r.sink = $1 AND r.owner = $2 AND r.slot = a.slot AND r.fence = a.fence
  AND (SELECT n.known AND n.epoch = coalesce($8, n.epoch) FROM event_outbox_now n)
  AND (SELECT count(*) FROM relaxed) >= 0
RETURNING r.slot::bigint AS slot
