-- Called by `Enqueue::enqueue`, in the caller's transaction. `at` and the slot follow in the database. No lock before the
-- commit: then the triggers take an advisory lock per slot.
INSERT INTO event_outbox (id, aggregatetype, aggregateid, type, version, occurred_at, payload, headers)
VALUES ($1::uuid, $2, $3, $4, $5, $6, $7, $8::jsonb)
