-- Called by `Outbox::survey` when the database was restored or failed over: begins a new epoch, unless another relay has just
-- done so. Locks the one row. Uses no index.
UPDATE event_outbox_identity i
LEFT JOIN information_schema.routines r ON r.routine_schema = DATABASE() AND r.routine_name = 'event_outbox_made'
SET i.epoch = i.epoch + 1, i.server = /*M! @@server_id */ /*!80000 @@server_uuid */,
    i.made = COALESCE(UNIX_TIMESTAMP(r.created), i.made)
WHERE i.epoch = ?
