-- Called by `Outbox::survey` and `Origin::source`: the name of the outbox, and whether the database is still the one that it
-- was. Reads only.
SELECT i.id, i.epoch, i.server = @@server_id AND i.made = UNIX_TIMESTAMP(t.create_time) AS known
FROM event_outbox_identity i
JOIN information_schema.tables t ON t.table_schema = DATABASE() AND t.table_name = 'event_outbox_identity'
