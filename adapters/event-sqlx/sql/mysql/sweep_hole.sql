-- Called by `Origin::tend` for a hole that is wide: the events that have come to light in it. Uses the primary key of
-- event_outbox, and event_outbox_log_number. Reads only; locks nothing.
SELECT o.number, o.slot, o.id, l.number IS NULL AS unstamped
FROM event_outbox o LEFT JOIN event_outbox_log l ON l.number = o.number
WHERE o.number BETWEEN ? AND ? ORDER BY o.number LIMIT ?
