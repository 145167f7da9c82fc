-- Called by `Outbox::claim`: forgets the relays that have shown no sign of life. Uses the primary key (sink, owner).
-- SQLite has one writer.
DELETE FROM event_relay WHERE sink = ?1 AND seen_until <= ?2
