-- Called by `Origin::tend` for retention, when there is an archive: the events of a batch, a JSON array of their positions. Uses
-- the primary key. Reads only.
SELECT slot, position, id, type, version, aggregatetype, aggregateid, occurred_at, payload, headers, false AS key_is_parked
FROM event_outbox WHERE position IN (SELECT value FROM json_each(?1)) ORDER BY position
