-- Called by `Outbox::source`, once per store. One row. Reads only.
SELECT id, epoch FROM event_outbox_identity
