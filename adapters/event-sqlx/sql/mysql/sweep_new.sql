-- Called by `Origin::tend`: the events behind the sweep, and whether each lacks a place in the log. Uses the primary key of
-- event_outbox, and event_outbox_log_number. Reads only; locks nothing.
SELECT o.number, o.slot, o.id, l.number IS NULL AS unstamped
FROM event_outbox o LEFT JOIN event_outbox_log l ON l.number = o.number
WHERE o.number > ? ORDER BY o.number LIMIT ?
