-- Called by `Outbox::read` with the cursors as a JSON array of [slot, position]: those with something behind them. One seek per
-- slot in the primary key of event_outbox_log, backwards. Reads only; locks nothing. Nothing is read under another epoch
-- than the one that was surveyed, nor on another server.
SELECT c.slot, c.position
FROM JSON_TABLE(?, '$[*]' COLUMNS (slot INT PATH '$[0]', position BIGINT PATH '$[1]')) c
WHERE c.position < (SELECT l.position FROM event_outbox_log l WHERE l.slot = c.slot ORDER BY l.position DESC LIMIT 1)
  AND (SELECT i.epoch = COALESCE(?, i.epoch) AND i.server = @@server_id FROM event_outbox_identity i)
