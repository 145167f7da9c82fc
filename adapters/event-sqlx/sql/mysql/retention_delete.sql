-- Called by `Origin::tend` for retention: deletes a batch, a JSON array of numbers, with its places in the log. Uses the primary
-- key of event_outbox, and event_outbox_log_number. Locks those rows alone, in their order, in a transaction that is READ
-- COMMITTED: between them others insert.
DELETE o, l
FROM JSON_TABLE(?, '$[*]' COLUMNS (number BIGINT PATH '$')) g
STRAIGHT_JOIN event_outbox o FORCE INDEX (PRIMARY) ON o.number = g.number
STRAIGHT_JOIN event_outbox_log l FORCE INDEX (event_outbox_log_number) ON l.number = o.number
