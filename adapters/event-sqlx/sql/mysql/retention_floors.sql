-- Called by `Origin::tend` for retention, before each batch and again in its transaction: what every registered sink has passed.
-- A slot that one of them doesn't have isn't told. Uses both primary keys: 64 rows for each sink. Reads only; locks nothing.
SELECT r.slot, MIN(r.position) AS position
FROM event_sink s JOIN event_relay_slot r ON r.sink = s.sink
GROUP BY r.slot HAVING COUNT(*) = (SELECT COUNT(*) FROM event_sink)
