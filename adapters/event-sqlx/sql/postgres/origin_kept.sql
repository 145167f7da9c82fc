-- Called by `Origin::kept` when events are read again: what retention has dropped. Uses the primary key of event_outbox_log, backwards
-- from where the last drop was. Reads only.
SELECT greatest(0,
  (SELECT l.position FROM event_outbox_log l, event_outbox_identity i
   WHERE l.slot = $1 AND l.position <= i.kept_position AND l.at < i.kept_since ORDER BY l.position DESC LIMIT 1),
  (SELECT min(lower::bigint) - 1 FROM event_partition WHERE parent = 'event_outbox_log' AND lower IS NOT NULL))
