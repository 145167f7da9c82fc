-- Called by `doctor`: what a transport refused for good, with the later events of its keys. Counts event_parked by its key.
SELECT iif(count(*) = 1, '1 event is parked', count(*) || ' events are parked') || ' for the sink `' || p.sink || '` since '
         || strftime('%Y-%m-%d %H:%M UTC', min(p.parked_at) / 1000000, 'unixepoch') || ': '
         || (SELECT json_extract(f.errors, '$[0]') FROM event_parked f WHERE f.sink = p.sink ORDER BY f.position LIMIT 1),
       'DELETE FROM event_parked WHERE sink = ' || quote(p.sink) || '; -- gives them up; later events of their keys flow again'
FROM event_parked p GROUP BY p.sink ORDER BY p.sink
