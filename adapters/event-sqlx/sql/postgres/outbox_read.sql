-- Called by `Outbox::read` with the cursors as arrays of slots and positions. Per slot one seek in the primary key of
-- event_outbox_log and at most $4 rows, each with one seek in the primary key of event_outbox, whatever the planner thinks
-- of the tables' sizes (LIMIT 1). Nothing is read under another epoch than $5 or on another timeline than the one that
-- was noticed. Reads only; locks nothing.
SELECT l.slot::bigint AS slot, l.position, o.id::text AS id, o.type, o.version::bigint AS version, o.aggregatetype,
       o.aggregateid, o.occurred_at, o.payload, o.headers::text AS headers,
       EXISTS (SELECT 1 FROM event_parked p
               WHERE p.sink = $1 AND p.partition_key = o.aggregatetype || '/' || coalesce(o.aggregateid, o.id::text)
              ) AS key_is_parked
FROM (SELECT i.kept_since, i.kept_position FROM event_outbox_identity i
      WHERE i.epoch = coalesce($5, i.epoch) AND i.timeline = left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)) i
CROSS JOIN unnest($2::smallint[], $3::bigint[]) c (slot, position)
CROSS JOIN LATERAL (SELECT g.slot, g.position, g.at, g.id FROM event_outbox_log g
                    WHERE g.slot = c.slot AND g.position > c.position AND (g.at >= i.kept_since OR g.position > i.kept_position)
                    ORDER BY g.position LIMIT $4) l
CROSS JOIN LATERAL (SELECT e.id, e.type, e.version, e.aggregatetype, e.aggregateid, e.occurred_at, e.payload, e.headers
                    FROM event_outbox e WHERE e.at = l.at AND e.id = l.id LIMIT 1) o
ORDER BY l.position
