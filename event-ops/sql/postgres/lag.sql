-- Called by `lag`, which gets one JSON array. From each cursor at most $1 rows of the log are counted, by its primary key.
SELECT coalesce(jsonb_agg(jsonb_build_object('sink', s.sink, 'events', s.events, 'more', s.more, 'oldest', s.oldest,
  'age_seconds', CASE WHEN s.oldest IS NOT NULL
    THEN greatest(0, floor(extract(epoch FROM clock_timestamp() - s.oldest))::bigint) END) ORDER BY s.sink), '[]')::text
FROM (
  SELECT k.sink, coalesce(sum(w.events), 0)::bigint AS events, coalesce(bool_or(w.events >= $1), false) AS more,
         min(w.oldest) AS oldest
  FROM event_sink k CROSS JOIN event_outbox_identity i
  LEFT JOIN event_relay_slot r ON r.sink = k.sink
  LEFT JOIN LATERAL (
    SELECT count(*) AS events, min(l.at) AS oldest
    FROM (SELECT g.at FROM event_outbox_log g
          WHERE g.slot = r.slot AND g.position > r.position AND (g.at >= i.kept_since OR g.position > i.kept_position)
          ORDER BY g.position LIMIT $1) l) w ON true
  GROUP BY k.sink) s
