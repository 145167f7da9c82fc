-- Called by `Outbox::survey` and `Origin::source`: the name of the outbox, and whether the database is still the one that it
-- was. Reads only.
SELECT i.id, i.epoch,
       i.system = s.system_identifier AND i.database = d.oid AND i.relation = i.tableoid
         AND i.timeline = left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) AS known
FROM event_outbox_identity i, pg_control_system() s, pg_database d
WHERE d.datname = current_database()
