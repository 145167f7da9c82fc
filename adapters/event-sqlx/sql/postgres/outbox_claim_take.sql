-- Called by `Outbox::claim`: renews what is ours and takes slots under the fences that were seen; $6 is how long it lasts, in
-- microseconds. Uses the primary key (sink, slot); locks the rows in the order of the slots, so two relays don't wait for
-- each other.
WITH mine AS MATERIALIZED (
  SELECT r.slot FROM event_relay_slot r
  WHERE r.sink = $1
    AND (r.owner = $2 OR (r.slot, r.fence) IN (SELECT * FROM unnest($4::smallint[], $5::bigint[])))
  ORDER BY r.slot FOR UPDATE)
UPDATE event_relay_slot r
SET fence = r.fence + (r.owner IS DISTINCT FROM $2)::integer, owner = $2,
    leased_until = coalesce($3, clock_timestamp()) + $6 * interval '1 microsecond'
FROM mine WHERE r.sink = $1 AND r.slot = mine.slot
RETURNING r.slot::bigint AS slot, r.position, r.sent, r.fence
