-- Called by `Outbox::advance`, once per slot: moves the cursor, but only under the fence that is in force.
-- Uses the primary key (sink, slot). SQLite has one writer.
UPDATE event_relay_slot SET position = ?4, sent = ?5 WHERE sink = ?1 AND slot = ?2 AND fence = ?3 AND owner = ?6
