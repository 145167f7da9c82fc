-- Called by `doctor`: a session that sits in a transaction with a slot's lock, after `SET CONSTRAINTS ALL IMMEDIATE`. Reads
-- pg_locks.
SELECT format('the session %s is idle in a transaction and holds %s: events of %s wait at commit', a.pid,
              CASE count(*) WHEN 1 THEN 'slot ' || min(l.objid) ELSE count(*) || ' slots' END,
              CASE count(*) WHEN 1 THEN 'this slot' ELSE 'these slots' END),
       format('SELECT pg_terminate_backend(%s);', a.pid)
FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.classid = (event_outbox_book()::bigint & 4294967295)::oid AND l.objid < 64
  AND l.objsubid = 2 AND a.state LIKE 'idle in transaction%'
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
GROUP BY a.pid ORDER BY a.pid
