-- Called by `Outbox::read` with the cursors as arrays of slots and positions, $6 is the least of them. Per slot one seek in the
-- primary key of event_outbox_log and at most $4 rows, each with one seek in the primary key of event_outbox, whatever the
-- planner thinks of the tables' sizes (LIMIT 1). A row of the log whose event was deleted doesn't count. Partitions of the
-- log below $6 are left out before anything is read. Nothing is read under another epoch than $5, nor in a database that
-- was restored or failed over since it began. What is asked once is a subquery and no join, and the arrays are in one as well:
-- else the planner multiplies guesses, and compiles for a second (jit) what runs for a millisecond. Reads only; locks
-- nothing.
SELECT l.slot::bigint AS slot, l.position, l.id::text AS id, l.type, l.version::bigint AS version, l.aggregatetype,
       l.aggregateid, l.occurred_at, l.payload, l.headers::text AS headers,
       EXISTS (SELECT 1 FROM event_parked p
               WHERE p.sink = $1 AND p.partition_key = l.aggregatetype || '/' || coalesce(l.aggregateid, l.id::text)
                 AND p.position <= l.position) AS key_is_parked
FROM unnest((SELECT $2::smallint[]), (SELECT $3::bigint[])) c (slot, position)
CROSS JOIN LATERAL (SELECT g.slot, g.position, o.*
                    FROM event_outbox_log g
                    CROSS JOIN LATERAL (SELECT e.id, e.type, e.version, e.aggregatetype, e.aggregateid, e.occurred_at,
                                               e.payload, e.headers
                                        FROM event_outbox e WHERE e.at = g.at AND e.id = g.id LIMIT 1) o
                    WHERE g.slot = c.slot AND g.position > c.position AND g.position > $6
                      AND (g.at >= (SELECT i.kept_since FROM event_outbox_identity i)
                           OR g.position > (SELECT i.kept_position FROM event_outbox_identity i))
                    ORDER BY g.position LIMIT $4) l
WHERE (SELECT n.known AND n.epoch = coalesce($5, n.epoch) FROM event_outbox_now n)
ORDER BY l.position
