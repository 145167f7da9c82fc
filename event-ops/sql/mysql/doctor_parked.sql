-- Called by `doctor`: what a transport refused for good, with the later events of its keys. Counts event_parked by its key.
SELECT CONCAT(IF(p.events = 1, '1 event is parked', CONCAT(p.events, ' events are parked')), ' for the sink `', p.sink, '` since ',
              DATE_FORMAT(TIMESTAMPADD(MICROSECOND, p.since, '1970-01-01'), '%Y-%m-%d %H:%i UTC'), ': ',
              (SELECT JSON_UNQUOTE(JSON_EXTRACT(f.errors, '$[0]')) FROM event_parked f WHERE f.sink = p.sink ORDER BY f.position LIMIT 1)),
       CONCAT('DELETE FROM event_parked WHERE sink = ''', REPLACE(p.sink, '''', ''''''), '''; -- gives them up; later events of their keys flow again')
FROM (SELECT sink, COUNT(*) AS events, MIN(parked_at) AS since FROM event_parked GROUP BY sink) p ORDER BY p.sink
