-- Called by `Backlog::add`, in the transaction that moves the mark past the event.
INSERT INTO event_backlog (consumer, place, body, source, event_id, event_type, event_version, partition_key, blocks,
                           attempts, due_at, errors, since, class)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
