-- Called by `Origin::tend` for retention, before each batch and again in its transaction: the next events of the walk. Uses the
-- primary keys of event_outbox and event_parked: at most ?2 rows, and a seek for each sink and row. Reads only.
SELECT o.position AS number, o.position, o.slot, coalesce(o.at, o.occurred_at) AS at,
       octet_length(o.payload) + octet_length(o.headers) AS bytes,
       EXISTS (SELECT 1 FROM event_sink s JOIN event_parked p ON p.sink = s.sink AND p.position = o.position) AS parked
FROM event_outbox o WHERE o.position > ?1
ORDER BY o.position LIMIT ?2
