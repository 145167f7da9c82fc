-- Called by `Outbox::read`, for eight slots at a time; a place that isn't needed has the slot -1. Per slot one seek in the primary key
-- of event_outbox_log and at most so many rows as the limit, each with one seek in the primary key of event_outbox. A row of
-- the log whose event was deleted doesn't count. Each slot is a statement of its own, because neither MariaDB nor MySQL seeks
-- by two columns of which the second is compared with a row of another table. Reads only; locks nothing.
(SELECT l.slot, l.position, o.id, o.type, o.version, o.aggregatetype, o.aggregateid, o.occurred_at, o.payload, o.headers,
        EXISTS (SELECT 1 FROM event_parked p
                WHERE p.sink = ? AND p.partition_key = CONCAT(o.aggregatetype, '/', COALESCE(o.aggregateid, o.id))
                  AND p.position <= l.position) AS key_is_parked
 FROM event_outbox_log l STRAIGHT_JOIN event_outbox o FORCE INDEX (PRIMARY) ON o.number = l.number
 WHERE l.slot = ? AND l.position > ? ORDER BY l.position LIMIT ?)
UNION ALL
(SELECT l.slot, l.position, o.id, o.type, o.version, o.aggregatetype, o.aggregateid, o.occurred_at, o.payload, o.headers,
        EXISTS (SELECT 1 FROM event_parked p
                WHERE p.sink = ? AND p.partition_key = CONCAT(o.aggregatetype, '/', COALESCE(o.aggregateid, o.id))
                  AND p.position <= l.position) AS key_is_parked
 FROM event_outbox_log l STRAIGHT_JOIN event_outbox o FORCE INDEX (PRIMARY) ON o.number = l.number
 WHERE l.slot = ? AND l.position > ? ORDER BY l.position LIMIT ?)
UNION ALL
(SELECT l.slot, l.position, o.id, o.type, o.version, o.aggregatetype, o.aggregateid, o.occurred_at, o.payload, o.headers,
        EXISTS (SELECT 1 FROM event_parked p
                WHERE p.sink = ? AND p.partition_key = CONCAT(o.aggregatetype, '/', COALESCE(o.aggregateid, o.id))
                  AND p.position <= l.position) AS key_is_parked
 FROM event_outbox_log l STRAIGHT_JOIN event_outbox o FORCE INDEX (PRIMARY) ON o.number = l.number
 WHERE l.slot = ? AND l.position > ? ORDER BY l.position LIMIT ?)
UNION ALL
(SELECT l.slot, l.position, o.id, o.type, o.version, o.aggregatetype, o.aggregateid, o.occurred_at, o.payload, o.headers,
        EXISTS (SELECT 1 FROM event_parked p
                WHERE p.sink = ? AND p.partition_key = CONCAT(o.aggregatetype, '/', COALESCE(o.aggregateid, o.id))
                  AND p.position <= l.position) AS key_is_parked
 FROM event_outbox_log l STRAIGHT_JOIN event_outbox o FORCE INDEX (PRIMARY) ON o.number = l.number
 WHERE l.slot = ? AND l.position > ? ORDER BY l.position LIMIT ?)
UNION ALL
(SELECT l.slot, l.position, o.id, o.type, o.version, o.aggregatetype, o.aggregateid, o.occurred_at, o.payload, o.headers,
        EXISTS (SELECT 1 FROM event_parked p
                WHERE p.sink = ? AND p.partition_key = CONCAT(o.aggregatetype, '/', COALESCE(o.aggregateid, o.id))
                  AND p.position <= l.position) AS key_is_parked
 FROM event_outbox_log l STRAIGHT_JOIN event_outbox o FORCE INDEX (PRIMARY) ON o.number = l.number
 WHERE l.slot = ? AND l.position > ? ORDER BY l.position LIMIT ?)
UNION ALL
(SELECT l.slot, l.position, o.id, o.type, o.version, o.aggregatetype, o.aggregateid, o.occurred_at, o.payload, o.headers,
        EXISTS (SELECT 1 FROM event_parked p
                WHERE p.sink = ? AND p.partition_key = CONCAT(o.aggregatetype, '/', COALESCE(o.aggregateid, o.id))
                  AND p.position <= l.position) AS key_is_parked
 FROM event_outbox_log l STRAIGHT_JOIN event_outbox o FORCE INDEX (PRIMARY) ON o.number = l.number
 WHERE l.slot = ? AND l.position > ? ORDER BY l.position LIMIT ?)
UNION ALL
(SELECT l.slot, l.position, o.id, o.type, o.version, o.aggregatetype, o.aggregateid, o.occurred_at, o.payload, o.headers,
        EXISTS (SELECT 1 FROM event_parked p
                WHERE p.sink = ? AND p.partition_key = CONCAT(o.aggregatetype, '/', COALESCE(o.aggregateid, o.id))
                  AND p.position <= l.position) AS key_is_parked
 FROM event_outbox_log l STRAIGHT_JOIN event_outbox o FORCE INDEX (PRIMARY) ON o.number = l.number
 WHERE l.slot = ? AND l.position > ? ORDER BY l.position LIMIT ?)
UNION ALL
(SELECT l.slot, l.position, o.id, o.type, o.version, o.aggregatetype, o.aggregateid, o.occurred_at, o.payload, o.headers,
        EXISTS (SELECT 1 FROM event_parked p
                WHERE p.sink = ? AND p.partition_key = CONCAT(o.aggregatetype, '/', COALESCE(o.aggregateid, o.id))
                  AND p.position <= l.position) AS key_is_parked
 FROM event_outbox_log l STRAIGHT_JOIN event_outbox o FORCE INDEX (PRIMARY) ON o.number = l.number
 WHERE l.slot = ? AND l.position > ? ORDER BY l.position LIMIT ?)
