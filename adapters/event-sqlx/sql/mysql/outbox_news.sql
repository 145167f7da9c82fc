-- Called by `Outbox::read` with the cursors as a JSON array of [slot, position]: those with something behind them. One seek per
-- slot in the primary key of event_outbox_log, backwards: MySQL sorts the whole slot unless both columns are in the order.
-- Nothing is read under another epoch than the one that was surveyed, nor on another server. Reads only; locks nothing.
SELECT c.slot, c.position
FROM JSON_TABLE(?, '$[*]' COLUMNS (slot INT PATH '$[0]', position BIGINT PATH '$[1]')) c
WHERE c.position < (SELECT l.position FROM event_outbox_log l FORCE INDEX FOR ORDER BY (PRIMARY) WHERE l.slot = c.slot
                    ORDER BY l.slot DESC, l.position DESC LIMIT 1)
  AND (SELECT i.epoch = COALESCE(?, i.epoch) AND i.server = /*M! @@server_id */ /*!80000 @@server_uuid */ FROM event_outbox_identity i)
