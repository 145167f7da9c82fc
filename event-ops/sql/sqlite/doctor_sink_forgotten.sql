-- Called by `doctor`: a sink that nobody sends to. One seek per slot in the index event_outbox_slot.
SELECT 'no relay runs for the sink `' || s.sink || '`, and its oldest unsent event is of '
         || strftime('%Y-%m-%d %H:%M UTC', s.oldest / 1000000, 'unixepoch') || '; retention keeps all events for it',
       'event-ops sink remove ''' || replace(s.sink, '''', '''\''''') || ''' # or start its relay'
FROM (
  SELECT k.sink, min((SELECT coalesce(o.at, o.occurred_at) FROM event_outbox o WHERE o.slot = r.slot AND o.position > r.position
                      ORDER BY o.position LIMIT 1)) AS oldest
  FROM event_sink k JOIN event_relay_slot r ON r.sink = k.sink
  WHERE NOT EXISTS (SELECT 1 FROM event_relay l WHERE l.sink = k.sink AND l.seen_until > unixepoch('subsec') * 1000000)
  GROUP BY k.sink) s
WHERE s.oldest < (unixepoch() - 3600) * 1000000
ORDER BY s.sink
