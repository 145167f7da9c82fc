-- Called by `Outbox::survey` when the database was restored or failed over: begins a new epoch, unless another relay has just
-- done so. Locks the one row. Uses no index.
UPDATE event_outbox_identity i
JOIN information_schema.tables t ON t.table_schema = DATABASE() AND t.table_name = 'event_outbox_identity'
SET i.epoch = i.epoch + 1, i.server = @@server_id, i.made = UNIX_TIMESTAMP(t.create_time)
WHERE i.epoch = ? AND NOT (i.server = @@server_id AND i.made = UNIX_TIMESTAMP(t.create_time))
