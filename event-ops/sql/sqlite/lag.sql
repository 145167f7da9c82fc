-- Called by `lag`, which gets one JSON array. From each cursor at most ?1 rows are counted, by the index event_outbox_slot.
WITH slots AS MATERIALIZED (
  SELECT r.sink,
         (SELECT count(*) FROM (SELECT 1 FROM event_outbox o WHERE o.slot = r.slot AND o.position > r.position LIMIT ?1)) AS events,
         (SELECT coalesce(o.at, o.occurred_at) FROM event_outbox o WHERE o.slot = r.slot AND o.position > r.position
          ORDER BY o.position LIMIT 1) AS oldest
  FROM event_relay_slot r)
SELECT json_group_array(json_object('sink', s.sink, 'events', s.events, 'more', json(iif(s.more, 'true', 'false')),
  'oldest', strftime('%Y-%m-%dT%H:%M:%fZ', s.oldest / 1000000.0, 'unixepoch'),
  'age_seconds', max(0, unixepoch() - s.oldest / 1000000)))
FROM (SELECT k.sink, coalesce(sum(t.events), 0) AS events, coalesce(max(t.events >= ?1), 0) AS more, min(t.oldest) AS oldest
      FROM event_sink k LEFT JOIN slots t ON t.sink = k.sink GROUP BY k.sink ORDER BY k.sink) s
