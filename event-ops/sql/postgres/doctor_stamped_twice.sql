-- Called by `doctor`: events with several places in the log, which are sent several times. Reads the last 100,000 positions of
-- the log, or all of it if $1 says so.
SELECT format('%s several places in the log and may be sent several times: rows of a dump were inserted with triggers on',
              CASE count(*) WHEN 1 THEN '1 event has' ELSE count(*) || ' events have' END),
       'SELECT event_outbox_stamp_once();'
FROM (SELECT 1 FROM event_outbox_log l
      WHERE $1 OR l.position > (SELECT last_value FROM event_outbox_position) - 100000
      GROUP BY l.at, l.id HAVING count(*) > 1) t
HAVING count(*) > 0
