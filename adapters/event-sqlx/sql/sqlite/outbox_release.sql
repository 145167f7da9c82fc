-- Called by `Outbox::release` when a relay stops. Uses the primary key (sink, slot). SQLite has one writer.
UPDATE event_relay_slot SET owner = NULL, leased_until = 0 WHERE sink = ?1 AND owner = ?2
