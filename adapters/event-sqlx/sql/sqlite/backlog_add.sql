-- Called by `Backlog::add`, in the transaction that moves the mark past the event.
INSERT INTO event_backlog (consumer, place, body, source, event_id, event_type, event_version, partition_key, blocks,
                           attempts, due_at, errors, since, class)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
RETURNING id
