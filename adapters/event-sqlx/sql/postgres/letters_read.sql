-- Called by `Letters::read` with ids as a JSON array. Uses the primary key. Reads only: who is at work on a letter isn't waited for.
SELECT id, consumer, place, body, source, event_id, event_type, event_version, partition_key, blocks, attempts, due_at,
       errors::text AS errors, class, replay, since
FROM event_backlog WHERE id IN (SELECT i::bigint FROM jsonb_array_elements_text($1::jsonb) i) ORDER BY id
