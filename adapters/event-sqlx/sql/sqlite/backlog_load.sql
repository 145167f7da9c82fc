-- Called by `Backlog::load`. Uses the primary key. The transaction is the only writer, so the row stays as it is.
SELECT id, consumer, place, body, source, event_id, event_type, event_version, partition_key, blocks, attempts, due_at,
       errors, class, replay, since
FROM event_backlog WHERE id = ?1
