-- Called by `Backlog::load`. Uses the primary key. Locks the row: another process that tries the letter waits, and then
-- finds it gone or changed.
SELECT id, consumer, place, body, source, event_id, event_type, event_version, partition_key, blocks, attempts, due_at,
       errors, class, replay, since
FROM event_backlog WHERE id = ? FOR UPDATE
