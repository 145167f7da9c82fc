-- Called by `Outbox::advance`, in the transaction that moves the cursor past the event. Uses the primary key.
INSERT INTO event_parked (sink, position, event_id, partition_key, errors, parked_at)
VALUES (?, ?, ?, ?, ?, COALESCE(?, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))))
ON DUPLICATE KEY UPDATE parked_at = parked_at
