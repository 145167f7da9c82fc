-- Called by `enqueue_all`, in the caller's transaction: all rows in one round trip, in their order, from one JSON document, as
-- `event_outbox_insert` says. Locks as enqueue.sql.
CALL event_outbox_insert(?)
