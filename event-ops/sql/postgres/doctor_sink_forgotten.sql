-- Called by `doctor`: a sink that nobody sends to keeps every event for ever. One seek per slot in the log.
SELECT format('no relay runs for the sink `%s`, and its oldest unsent event is of %s; retention keeps all events for it', s.sink,
              to_char(s.oldest AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"')),
       format('event-ops sink remove %s # or start its relay', CASE WHEN s.sink ~ '^[A-Za-z0-9._-]+$' THEN s.sink
              ELSE '''' || replace(s.sink, '''', '''\''''') || '''' END)
FROM (
  SELECT k.sink, min(w.at) AS oldest
  FROM event_sink k CROSS JOIN event_outbox_identity i
  JOIN event_relay_slot r ON r.sink = k.sink
  CROSS JOIN LATERAL (
    SELECT g.at FROM event_outbox_log g
    WHERE g.slot = r.slot AND g.position > r.position AND (g.at >= i.kept_since OR g.position > i.kept_position)
    ORDER BY g.position LIMIT 1) w
  WHERE NOT EXISTS (SELECT 1 FROM event_relay l WHERE l.sink = k.sink AND l.seen_until > clock_timestamp())
  GROUP BY k.sink) s
WHERE s.oldest < now() - interval '1 hour'
ORDER BY s.sink
