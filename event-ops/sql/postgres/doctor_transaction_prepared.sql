-- Called by `doctor`: a prepared transaction keeps the locks of its slots until somebody ends it. Reads pg_locks.
SELECT format('the prepared transaction `%s` of %s holds %s: events of %s wait at commit, and nothing of them is sent', p.gid,
              to_char(p.prepared AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'),
              CASE count(*) WHEN 1 THEN 'slot ' || min(l.objid) ELSE count(*) || ' slots' END,
              CASE count(*) WHEN 1 THEN 'this slot' ELSE 'these slots' END),
       format('COMMIT PREPARED %1$L; -- or ROLLBACK PREPARED %1$L, as its coordinator decides', p.gid)
FROM pg_prepared_xacts p
JOIN pg_locks x ON x.locktype = 'transactionid' AND x.transactionid = p.transaction AND x.pid IS NULL
JOIN pg_locks l ON l.virtualtransaction = x.virtualtransaction AND l.pid IS NULL
WHERE l.locktype = 'advisory' AND l.classid = (event_outbox_book()::bigint & 4294967295)::oid AND l.objid < 64 AND l.objsubid = 2
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
GROUP BY p.gid, p.prepared ORDER BY p.gid
