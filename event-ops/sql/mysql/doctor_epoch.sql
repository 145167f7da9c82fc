-- Called by `doctor`: a database that was restored or failed over, and no relay has begun a new epoch yet. Reads one row.
SELECT 'the database was restored or failed over, and no relay has begun a new epoch yet: nothing is sent until one does',
       'start a relay # it begins the epoch by itself'
FROM event_outbox_identity i
JOIN information_schema.tables t ON t.table_schema = DATABASE() AND t.table_name = 'event_outbox_identity'
WHERE NOT (i.server = @@server_id AND i.made = UNIX_TIMESTAMP(t.create_time))
