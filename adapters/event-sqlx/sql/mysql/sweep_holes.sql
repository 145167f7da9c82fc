-- Called by `Origin::tend` with a JSON array of numbers that were missing: the events that have come to light there. Uses the
-- primary key of event_outbox, and event_outbox_log_number. Reads only; locks nothing.
SELECT o.number, o.slot, o.id, l.number IS NULL AS unstamped
FROM JSON_TABLE(?, '$[*]' COLUMNS (number BIGINT PATH '$')) h
STRAIGHT_JOIN event_outbox o FORCE INDEX (PRIMARY) ON o.number = h.number
LEFT JOIN event_outbox_log l ON l.number = o.number
ORDER BY o.number
