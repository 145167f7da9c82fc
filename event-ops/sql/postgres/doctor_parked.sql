-- Called by `doctor`: what a transport refused for good, with the later events of its keys. Counts event_parked by its key.
SELECT format('%s for the sink `%s` since %s: %s', CASE count(*) WHEN 1 THEN '1 event is parked' ELSE count(*) || ' events are parked' END,
              p.sink, to_char(min(p.parked_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'),
              (array_agg(p.errors ->> 0 ORDER BY p.position))[1]),
       format('DELETE FROM event_parked WHERE sink = %L; -- gives them up; later events of their keys flow again', p.sink)
FROM event_parked p GROUP BY p.sink ORDER BY p.sink
