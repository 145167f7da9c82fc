-- Called by `Origin::tend` for retention, when there is an archive: the events of a batch, a JSON array of their numbers. Uses the
-- primary key of event_outbox, and event_outbox_log_number. Reads only; locks nothing.
SELECT o.slot, l.position, o.id, o.type, o.version, o.aggregatetype, o.aggregateid, o.occurred_at, o.payload, o.headers,
       FALSE AS key_is_parked
FROM JSON_TABLE(?, '$[*]' COLUMNS (number BIGINT PATH '$')) g
STRAIGHT_JOIN event_outbox o FORCE INDEX (PRIMARY) ON o.number = g.number
STRAIGHT_JOIN event_outbox_log l FORCE INDEX (event_outbox_log_number) ON l.number = o.number
ORDER BY o.number
