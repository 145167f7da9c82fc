-- Called by `Outbox::survey` and `Origin::source`: the name of the outbox, and whether the database is still the one that it
-- was. Reads only.
SELECT id, epoch, known FROM event_outbox_now
