-- Called by `event_sqlx::migrate`, once.

-- When an event was written, which retention counts from; `occurred_at` may be anything. Null in what was written before, and by
-- writers of other kinds: retention takes `occurred_at` there.
ALTER TABLE event_outbox ADD COLUMN at INTEGER;
