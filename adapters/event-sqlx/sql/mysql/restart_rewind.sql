-- Called by `Restart::rewind`: a slot of a sink goes back, and whoever sends it has lost it. Uses the primary key (sink, slot).
UPDATE event_relay_slot SET position = ?, sent = ?, fence = fence + 1, owner = NULL, leased_until = 0
WHERE sink = ? AND slot = ?
