-- Called by `Outbox::release`: the relay is one no longer. Uses the primary key (sink, owner).
DELETE FROM event_relay WHERE sink = ? AND owner = ?
