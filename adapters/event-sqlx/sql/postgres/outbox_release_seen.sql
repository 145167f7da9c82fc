-- Called by `Outbox::release`, in its transaction: the relay is one no longer. Uses the primary key (sink, owner).
DELETE FROM event_relay WHERE sink = $1 AND owner = $2
