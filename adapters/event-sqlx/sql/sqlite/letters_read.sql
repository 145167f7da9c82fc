-- Called by `Letters::read` with ids as a JSON array. Uses the primary key. Reads only.
SELECT id, consumer, place, body, source, event_id, event_type, event_version, partition_key, blocks, attempts, due_at,
       errors, class, replay, since
FROM event_backlog WHERE id IN (SELECT value FROM json_each(?1)) ORDER BY id
