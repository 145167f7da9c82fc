-- Called by `doctor`: a database that was restored or failed over, and no relay has begun a new epoch yet. Reads one row.
SELECT 'the database was restored or failed over, and no relay has begun a new epoch yet: nothing is sent until one does',
       'start a relay # it begins the epoch by itself'
FROM event_outbox_identity i
LEFT JOIN information_schema.routines r ON r.routine_schema = DATABASE() AND r.routine_name = 'event_outbox_made'
WHERE NOT (i.server = /*M! @@server_id */ /*!80000 @@server_uuid */
           AND (r.created IS NULL OR i.made = UNIX_TIMESTAMP(r.created)))
