-- Called by `Origin::tend` for retention, before a batch is deleted, a JSON array of numbers: whoever reads again must know.
-- Uses event_outbox_log_number.
INSERT INTO event_outbox_floor (slot, position)
SELECT f.slot, f.position
FROM (SELECT l.slot, MAX(l.position) AS position
      FROM JSON_TABLE(?, '$[*]' COLUMNS (number BIGINT PATH '$')) g
      STRAIGHT_JOIN event_outbox_log l FORCE INDEX (event_outbox_log_number) ON l.number = g.number
      GROUP BY l.slot) f
ON DUPLICATE KEY UPDATE position = GREATEST(event_outbox_floor.position, VALUES(position))
