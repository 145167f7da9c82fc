-- Called by `Enqueue::enqueue`, in the caller's transaction. `number`, `at` and the slot follow in the database. Uses the
-- unique key of `id`; no named lock before the commit.
INSERT INTO event_outbox (id, aggregatetype, aggregateid, type, version, occurred_at, payload, headers)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
