-- Called by `Enqueue::enqueue`, in the caller's transaction. Uses the unique index on `id`. SQLite has one writer.
INSERT INTO event_outbox (id, slot, aggregatetype, aggregateid, type, version, occurred_at, payload, headers, at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, CAST(unixepoch('subsec') * 1000000 AS INTEGER))
