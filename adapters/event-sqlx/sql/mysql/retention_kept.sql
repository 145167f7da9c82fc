-- Called by `Origin::tend` for retention, before each batch and again in its transaction: the next events of the walk. Uses the
-- primary keys of event_outbox and event_parked, and event_outbox_log_number: as many rows as the limit says, and a seek for
-- each sink and row. Reads only; locks nothing.
SELECT o.number, l.position, o.slot, o.at, CAST(OCTET_LENGTH(o.payload) + OCTET_LENGTH(o.headers) AS SIGNED) AS bytes,
       EXISTS (SELECT 1 FROM event_sink s JOIN event_parked p ON p.sink = s.sink WHERE p.position = l.position) AS parked
FROM event_outbox o FORCE INDEX (PRIMARY) LEFT JOIN event_outbox_log l ON l.number = o.number
WHERE o.number > ? ORDER BY o.number LIMIT ?
