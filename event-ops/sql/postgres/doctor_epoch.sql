-- Called by `doctor`: a database that was restored or failed over, and no relay has begun a new epoch yet. On a standby the
-- timeline can't be told. Reads one row.
SELECT 'the database was restored or failed over, and no relay has begun a new epoch yet: nothing is sent until one does',
       'start a relay # it begins the epoch by itself'
FROM event_outbox_identity i, pg_control_system() s, pg_database d
WHERE d.datname = current_database() AND NOT pg_is_in_recovery()
  AND NOT (i.system = s.system_identifier AND i.database = d.oid AND i.relation = i.tableoid
           AND CASE WHEN pg_is_in_recovery() THEN true
                    ELSE i.timeline = left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) END)
