-- Called by `doctor`: events without a place in the log, which no relay will ever see. Reads the newest 100,000 events and the
-- last two parts of the log, or all of both if $1 says so.
WITH recent AS MATERIALIZED (
  SELECT at, id, slot FROM event_outbox WHERE $1 OR at >= now() - interval '30 days'
  ORDER BY at DESC LIMIT CASE WHEN $1 THEN NULL ELSE 100000 END),
suspects AS MATERIALIZED (
  SELECT r.* FROM recent r WHERE NOT EXISTS (
    SELECT 1 FROM event_outbox_log l
    WHERE l.at = r.at AND l.id = r.id
      AND l.position >= CASE WHEN $1 THEN 0 ELSE (SELECT last_value FROM event_outbox_position) - 20000000 END)
  LIMIT CASE WHEN $1 THEN NULL ELSE 1000 END),
unstamped AS MATERIALIZED (
  SELECT s.* FROM suspects s WHERE NOT EXISTS (
    SELECT 1 FROM event_outbox_log l WHERE l.slot = s.slot AND l.at = s.at AND l.id = s.id))
SELECT format('%s no place in the log, so no relay sees them: written while triggers were off, or by logical replication',
              CASE count(*) WHEN 1 THEN '1 event has' WHEN 1000 THEN '1000 or more events have' ELSE count(*) || ' events have' END),
       format('SELECT event_outbox_stamp_missing(%L);', date_trunc('second', min(at)))
FROM unstamped HAVING count(*) > 0
