-- Called by `Outbox::survey` and `Origin::source`: the name of the outbox, and whether the database is still the one that it
-- was. Reads only. Whoever may not see the procedure can't tell a database that was restored.
SELECT i.id, i.epoch,
       i.server = /*M! @@server_id */ /*!80000 @@server_uuid */
         AND (r.created IS NULL OR i.made = UNIX_TIMESTAMP(r.created)) AS known
FROM event_outbox_identity i
LEFT JOIN information_schema.routines r ON r.routine_schema = DATABASE() AND r.routine_name = 'event_outbox_made'
