-- Called by `Outbox::survey` when the database was restored or failed over: begins a new epoch, unless another relay has
-- just done so. Locks the one row.
UPDATE event_outbox_identity i
SET epoch = i.epoch + 1, system = s.system_identifier, database = d.oid, relation = i.tableoid,
    timeline = left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)
FROM pg_control_system() s, pg_database d
WHERE d.datname = current_database() AND i.epoch = $1 AND NOT (SELECT n.known FROM event_outbox_now n)
