-- Called by `Inbox::letters`. Uses the primary key from $3 on. Reads only.
SELECT id, consumer, place, body, source, event_id, event_type, event_version, partition_key, blocks, attempts, due_at,
       errors::text AS errors, class, replay, since
FROM event_backlog WHERE consumer = $1 AND place = $2 AND id > $3 ORDER BY id LIMIT $4
