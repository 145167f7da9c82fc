-- Called by `Outbox::advance`, in the transaction that moves the cursor past the event. Uses the primary key.
INSERT INTO event_parked (sink, position, event_id, partition_key, errors, parked_at)
VALUES ($1, $2, $3::uuid, $4, $5::jsonb, coalesce($6, clock_timestamp())) ON CONFLICT DO NOTHING
