-- Called by `Inbox::letters`. Uses event_backlog_letters. Reads only.
SELECT id, consumer, place, body, source, event_id, event_type, event_version, partition_key, blocks, attempts, due_at,
       errors, class, replay, since
FROM event_backlog WHERE consumer = ? AND place = ? AND id > ? ORDER BY id LIMIT ?
