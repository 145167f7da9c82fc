-- Called by `Origin::tend` for retention: deletes a batch, a JSON array of positions. Uses the primary key. Its transaction is
-- the only writer meanwhile.
DELETE FROM event_outbox WHERE position IN (SELECT value FROM json_each(?1))
